/** The sum of `n` int32 numbers side by side, modulo 2³². */
function sumOfRun(n: usize, x: usize): i32 {
  let sums = i32x4.splat(0);
  const end = x + (n << 2);
  const vectors = x + ((n & ~3) << 2);
  for (; x < vectors; x += 16) sums = i32x4.add(sums, v128.load(x));
  const pairs = i32x4.add(sums, v128.shuffle<i32>(sums, sums, 2, 3, 0, 1));
  let sum = i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1);
  for (; x < end; x += 4) sum += load<i32>(x);
  return sum;
}

/** y += x, for `n` int32 numbers. */
export function addIntegers(n: usize, x: usize, y: usize): void {
  const end = y + (n << 2);
  const vectors = y + ((n & ~3) << 2);
  for (; y < vectors; y += 16) {
    v128.store(y, i32x4.add(v128.load(y), v128.load(x)));
    x += 16;
  }
  for (; y < end; y += 4) {
    store<i32>(y, load<i32>(y) + load<i32>(x));
    x += 4;
  }
}

/** Sums of int32 numbers over the middle one of three dimensions, [outer, n, inner], modulo 2³². */
export function sumOfIntegers(outer: usize, n: usize, inner: usize, x: usize, y: usize): void {
  const overRow = inner << 2;
  for (let i: usize = 0; i < outer; i++) {
    if (inner == 1) store<i32>(y, sumOfRun(n, x));
    else {
      memory.fill(y, 0, overRow);
      for (let k: usize = 0; k < n; k++) addIntegers(inner, x + k * overRow, y);
    }
    x += n * overRow;
    y += overRow;
  }
}
