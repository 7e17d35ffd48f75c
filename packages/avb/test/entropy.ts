/**
 * The entropy in nats of the distribution that points `[n, 2]`, flat, were drawn from (Kozachenko & Leonenko 1987):
 * ψ(n) − ψ(k) + log π + 2 · mean log ρ, ρ the distance to the k-th neighbour, k = 4.
 */
export function entropyOf(points: Float32Array): number {
  const k = 4;
  const n = points.length / 2;
  let logs = 0;
  const nearest = new Float64Array(k);
  for (let i = 0; i < n; i++) {
    nearest.fill(Infinity);
    for (let j = 0; j < n; j++) {
      if (i === j) continue;
      const square =
        (points[2 * i]! - points[2 * j]!) ** 2 + (points[2 * i + 1]! - points[2 * j + 1]!) ** 2;
      for (let place = k - 1; place >= 0 && square < nearest[place]!; place--) {
        if (place < k - 1) nearest[place + 1] = nearest[place]!;
        nearest[place] = square;
      }
    }
    logs += Math.log(nearest[k - 1]!);
  }
  const psiOfFour = 1 + 1 / 2 + 1 / 3 - 0.577_215_664_9;
  return Math.log(n) - 1 / (2 * n) - psiOfFour + Math.log(Math.PI) + logs / n;
}
