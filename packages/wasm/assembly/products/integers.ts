/** C = A · B for int32 numbers, modulo 2³²; the arguments are those of `product`. */
export function productOfIntegers(
  rows: usize,
  columns: usize,
  depth: usize,
  a: usize,
  downA: usize,
  alongA: usize,
  b: usize,
  downB: usize,
  alongB: usize,
  c: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      let sum: i32 = 0;
      let left = a + i * downA;
      let right = b + j * alongB;
      for (let k: usize = 0; k < depth; k++) {
        sum += load<i32>(left) * load<i32>(right);
        left += alongA;
        right += downB;
      }
      store<i32>(c, sum);
      c += 4;
    }
  }
}
