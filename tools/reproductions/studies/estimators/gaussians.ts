// Normals to draw from, and what is known of them.
import type { Points } from '@elbo/evaluation';
import { normal, type Key } from '@elbo/random';

/** N(mean, diag(scale²)), of scale 1 by default. */
export interface Gaussian {
  readonly mean: readonly number[];
  readonly scale?: readonly number[];
}

const scaleOf = ({ mean, scale }: Gaussian): readonly number[] => scale ?? mean.map(() => 1);

/** Draws in doubles; noise in float32 coincides now and then, and a second draw adds digits. */
export function gaussianPoints(key: Key, count: number, gaussian: Gaussian): Points {
  const { mean } = gaussian;
  const scale = scaleOf(gaussian);
  const dim = mean.length;
  const noise = normal(key, 2 * count * dim);
  const values = Float64Array.from(
    { length: count * dim },
    (_, i) => mean[i % dim]! + scale[i % dim]! * (noise[i]! + 1e-7 * noise[count * dim + i]!),
  );
  return { values, dim };
}

/** log N of each point, in nats. */
export function logGaussian({ values, dim }: Points, gaussian: Gaussian): Float64Array {
  const scale = scaleOf(gaussian);
  return Float64Array.from({ length: values.length / dim }, (_, row) =>
    gaussian.mean.reduce(
      (sum, m, d) =>
        sum -
        0.5 * ((values[row * dim + d]! - m) / scale[d]!) ** 2 -
        Math.log(scale[d]! * Math.sqrt(2 * Math.PI)),
      0,
    ),
  );
}

/** KL(p ‖ q) of two such normals, in nats. */
export function gaussianKl(p: Gaussian, q: Gaussian): number {
  const [a, b] = [scaleOf(p), scaleOf(q)];
  return p.mean.reduce(
    (sum, m, d) =>
      sum + 0.5 * ((a[d]! ** 2 + (m - q.mean[d]!) ** 2) / b[d]! ** 2 - 1) - Math.log(a[d]! / b[d]!),
    0,
  );
}
