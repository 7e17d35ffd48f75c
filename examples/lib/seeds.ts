/** Two-sided 97.5 % points of Student's t by degrees of freedom, from 1. */
const quantiles = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

/** Mean and 95 % interval (Student's t) over seeds. */
export function said(values: readonly number[], digits = 3): string {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  if (n < 2) return mean.toFixed(digits);
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / (n - 1));
  const t = quantiles[n - 2] ?? 2;
  return `${mean.toFixed(digits)} ± ${((t * sd) / Math.sqrt(n)).toFixed(digits)}`;
}
