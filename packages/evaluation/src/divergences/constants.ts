/** ψ(n), the logarithmic derivative of Γ, of a whole number from 1. */
export function digamma(n: number): number {
  // The asymptotic series, to 1e-12 from 10 on (Abramowitz & Stegun 1964, 6.3.18).
  if (n < 10) return digamma(n + 1) - 1 / n;
  const square = n ** -2;
  return (
    Math.log(n) -
    1 / (2 * n) -
    square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square / 240)))
  );
}

/** The logarithm of the volume of the unit ball in `dim` dimensions: V_d = V_{d−2} · 2π/d. */
export function logBallVolume(dim: number): number {
  if (dim <= 1) return dim * Math.LN2;
  return logBallVolume(dim - 2) + Math.log((2 * Math.PI) / dim);
}
