/** log |det| of a matrix `[n, n]`, flat, and the determinant's sign, by elimination with pivots; −∞ and 0 if singular. */
export function logDeterminant(
  matrix: ArrayLike<number>,
  n: number,
): { readonly log: number; readonly sign: -1 | 0 | 1 } {
  const a = Float64Array.from(matrix);
  let log = 0;
  let sign: -1 | 1 = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(a[i * n + k]!) > Math.abs(a[pivot * n + k]!)) pivot = i;
    const head = a[pivot * n + k]!;
    if (head === 0) return { log: -Infinity, sign: 0 };
    if (head < 0 !== (pivot !== k)) sign = sign === 1 ? -1 : 1;
    log += Math.log(Math.abs(head));
    const above = a.slice(pivot * n, pivot * n + n);
    a.copyWithin(pivot * n, k * n, k * n + n);
    for (let i = k + 1; i < n; i++) {
      const share = a[i * n + k]! / head;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= share * above[j]!;
    }
  }
  return { log, sign };
}
