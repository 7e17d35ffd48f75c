// The Sinkhorn divergence in doubles, by thousands of plain alternating updates of scalings: nothing of the code under test.
type Rows = readonly (readonly number[])[];

interface Plan {
  /** OT_ε = ⟨plan, cost⟩ + ε KL(plan ‖ even weights). */
  readonly value: number;
  readonly plan: Rows;
}

const costOf = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, d) => sum + (value - b[d]!) ** 2, 0);

function transport(x: Rows, y: Rows, epsilon: number): Plan {
  const [n, m] = [x.length, y.length];
  const costs = Float64Array.from({ length: n * m }, (_, at) =>
    costOf(x[Math.floor(at / m)]!, y[at % m]!),
  );
  const kernel = costs.map((cost) => Math.exp(-cost / epsilon));
  const [u, v] = [new Float64Array(n), new Float64Array(m).fill(1)];
  const sums = new Float64Array(m);
  for (let iteration = 0; iteration < 5000; iteration++) {
    sums.fill(0);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < m; j++) sum += kernel[i * m + j]! * v[j]!;
      u[i] = m / sum;
      for (let j = 0; j < m; j++) sums[j]! += kernel[i * m + j]! * u[i]!;
    }
    for (let j = 0; j < m; j++) v[j] = n / sums[j]!;
  }
  // The density with respect to even weights.
  const density = kernel.map((k, at) => k * u[Math.floor(at / m)]! * v[at % m]!);
  const terms = density.map((d, at) => (d * (costs[at]! + epsilon * Math.log(d))) / (n * m));
  return {
    value: terms.reduce((sum, term) => sum + term, 0),
    plan: x.map((_, i) => Array.from(density.subarray(i * m, (i + 1) * m), (d) => d / (n * m))),
  };
}

/** ε as a share of the mean cost between the samples. */
export function epsilonOf(x: Rows, y: Rows, share: number): number {
  const costs = x.flatMap((a) => y.map((b) => costOf(a, b)));
  return (share * costs.reduce((a, b) => a + b)) / costs.length;
}

/** The divergence at a cost ε, and its gradient for x. */
export function sinkhornReference(
  x: Rows,
  y: Rows,
  epsilon: number,
): { readonly value: number; readonly gradient: Rows } {
  const [xy, xx, yy] = [[x, y] as const, [x, x] as const, [y, y] as const].map(([a, b]) =>
    transport(a, b, epsilon),
  ) as [Plan, Plan, Plan];
  return {
    value: xy.value - (xx.value + yy.value) / 2,
    // By the envelope theorem; a point is in both places of the transport to its own sample.
    gradient: x.map((a, i) =>
      a.map((_, d) => {
        const pull = (row: readonly number[], of: Rows): number =>
          row.reduce((sum, p, j) => sum + 2 * p * (a[d]! - of[j]![d]!), 0);
        return pull(xy.plan[i]!, y) - pull(xx.plan[i]!, x);
      }),
    ),
  };
}
