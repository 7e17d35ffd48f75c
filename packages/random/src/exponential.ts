/** 1/k! for k from 16 down to 0: at |x| ≤ 0.7 the next term is below 1e-17. */
const TAYLOR = Array.from({ length: 17 }, (_, i) => {
  let factorial = 1;
  for (let k = 2; k <= 16 - i; k++) factorial *= k;
  return 1 / factorial;
});

/**
 * e^x for x ≤ 0, to a relative error below 1e-12, by e^x = (e^(x / 1024))^1024: only products and
 * sums of float64, so the same bits in every engine. Zero below −708, where float64 runs out.
 */
export function exponential(x: number): number {
  if (x < -708) return 0;
  const small = x / 1024;
  let value = 0;
  for (const coefficient of TAYLOR) value = value * small + coefficient;
  for (let squaring = 0; squaring < 10; squaring++) value *= value;
  return value;
}
