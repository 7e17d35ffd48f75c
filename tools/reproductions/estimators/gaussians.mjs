// Normals to draw from, and what is known of them.
import { normal } from '@elbo/random';

/** Draws of N(mean, diag(scale²)) in doubles; noise in float32 coincides now and then, and a second draw adds digits. */
export function gaussianPoints(key, count, { mean, scale = mean.map(() => 1) }) {
  const dim = mean.length;
  const noise = normal(key, 2 * count * dim);
  const values = Float64Array.from(
    { length: count * dim },
    (_, i) => mean[i % dim] + scale[i % dim] * (noise[i] + 1e-7 * noise[count * dim + i]),
  );
  return { values, dim };
}

/** log N(mean, diag(scale²)) of each point, in nats. */
export function logGaussian({ values, dim }, { mean, scale = mean.map(() => 1) }) {
  return Float64Array.from({ length: values.length / dim }, (_, row) =>
    mean.reduce(
      (sum, m, d) =>
        sum -
        0.5 * ((values[row * dim + d] - m) / scale[d]) ** 2 -
        Math.log(scale[d] * Math.sqrt(2 * Math.PI)),
      0,
    ),
  );
}

/** KL(p ‖ q) of two such normals, in nats. */
export function gaussianKl(p, q) {
  const scaleOf = ({ mean, scale = mean.map(() => 1) }) => scale;
  const [a, b] = [scaleOf(p), scaleOf(q)];
  return p.mean.reduce(
    (sum, m, d) =>
      sum + 0.5 * ((a[d] ** 2 + (m - q.mean[d]) ** 2) / b[d] ** 2 - 1) - Math.log(a[d] / b[d]),
    0,
  );
}
