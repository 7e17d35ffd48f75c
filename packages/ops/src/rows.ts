import { ofBatch, type Key } from '@elbo/random';
import {
  reshape,
  slice,
  tidy,
  util,
  type Rank,
  type ShapeMap,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { OperationError } from './errors.js';

/**
 * Draws noise for the rows of a key: of `[samples · B, …]` for the whole minibatch, sample-major, the part of those rows.
 * So a kernel of noise need not know of rows, and what the whole draws beside them is little.
 *
 * @throws OperationError when `shape` is not `[samples · rows, …]` for a whole number of samples.
 */
export function forRows<R extends Rank>(
  key: Key,
  shape: ShapeMap[R],
  draw: (key: Key, shape: ShapeMap[R]) => Tensor<R>,
): Tensor<R> {
  const { rows } = key;
  if (!rows) return draw(key, shape);
  const [leading = 1, ...rest] = shape;
  const samples = leading / rows.count;
  if (!Number.isInteger(samples))
    throw new OperationError(
      `Noise of shape [${shape.join(', ')}] does not divide among the ${rows.count} rows of its key; draw what all rows share with ofBatch(key).`,
    );
  const width = util.sizeFromShape(rest);
  return tidy(() => {
    const whole = draw(ofBatch(key), [samples * rows.of, ...rest] as ShapeMap[R]);
    const bySample = reshape(whole, [samples, rows.of, width]);
    return reshape(slice(bySample, [0, rows.first, 0], [samples, rows.count, width]), shape);
  });
}
