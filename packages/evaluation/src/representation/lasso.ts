/**
 * The least absolute shrinkage regression: w that minimises 1/(2N) ‖y − Xw‖² + penalty · ‖w‖₁, by coordinate descent
 * (Friedman, Hastie & Tibshirani 2010, eq. 5), of columns and y with the mean 0.
 *
 * @param columns Of X, each `[N]`.
 */
export function lasso(
  columns: readonly Float64Array[],
  y: Float64Array,
  penalty: number,
): Float64Array {
  const inner = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0) / y.length;
  const gram = columns.map((a) => columns.map((b) => inner(a, b)));
  const target = columns.map((a) => inner(a, y));
  const weights = new Float64Array(columns.length);
  // Convergence is linear; a thousand sweeps are reached only by nearly equal columns.
  for (let sweep = 0, moved = Infinity; sweep < 1000 && moved > 1e-10; sweep++) {
    moved = 0;
    for (let i = 0; i < weights.length; i++) {
      const scale = gram[i]![i]!;
      if (scale === 0) continue;
      const rest = weights.reduce(
        (sum, w, j) => sum - (j === i ? 0 : w * gram[i]![j]!),
        target[i]!,
      );
      const weight = (Math.sign(rest) * Math.max(0, Math.abs(rest) - penalty)) / scale;
      moved = Math.max(moved, Math.abs(weight - weights[i]!));
      weights[i] = weight;
    }
  }
  return weights;
}
