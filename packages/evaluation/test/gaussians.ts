import { key, normal } from '@elbo/random';
import type { Points } from '../src/index.js';

/** `count` draws of N(mean, diag(scale²)), in doubles: float32 noise coincides now and then. */
export function gaussianPoints(
  seed: number,
  count: number,
  mean: readonly number[],
  scale: readonly number[] = mean.map(() => 1),
): Points {
  const dim = mean.length;
  const noise = normal(key(seed), 2 * count * dim);
  const values = Float64Array.from(
    { length: count * dim },
    // The second draw adds digits that the first one lacks, and next to nothing to the variance.
    (_, i) => mean[i % dim]! + scale[i % dim]! * (noise[i]! + 1e-7 * noise[count * dim + i]!),
  );
  return { values, dim };
}

/** log N(mean, diag(scale²)) of each point, in nats. */
export function logGaussian(
  { values, dim }: Points,
  mean: readonly number[],
  scale: readonly number[] = mean.map(() => 1),
): Float64Array {
  return Float64Array.from({ length: values.length / dim }, (_, row) =>
    mean.reduce(
      (sum, m, d) =>
        sum -
        0.5 * ((values[row * dim + d]! - m) / scale[d]!) ** 2 -
        Math.log(scale[d]! * Math.sqrt(2 * Math.PI)),
      0,
    ),
  );
}
