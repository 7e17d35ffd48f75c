/** Φ(x) by its series (Abramowitz & Stegun 26.2.11). */
function normalDistribution(x: number): number {
  let [term, sum] = [x, x];
  for (let k = 1; Math.abs(term) > 1e-16; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

/** The `p`-quantile of N(0, 1), by bisection. */
export function normalQuantile(p: number): number {
  let [low, high] = [-8, 8];
  while (high - low > 1e-12) {
    const middle = 0.5 * (low + high);
    if (normalDistribution(middle) < p) low = middle;
    else high = middle;
  }
  return low;
}
