import {
  expectGiven,
  flattenBatch,
  formatShape,
  ShapeError,
  sizeOf,
  type Network,
  type Shape,
} from '@elbo/core';
import { reshape as reshapeOp } from '@tensorflow/tfjs-core';
import { expectCounts } from './options.js';

/** Each value of a batch as a vector: [B, …] to [B, n]. */
export function flatten(): Network {
  return {
    config: { kind: 'flatten' },
    init: (_key, input) => ({ params: {}, output: [sizeOf(input)] }),
    apply: (_params, _mode, x) => flattenBatch(x),
  };
}

/**
 * Each value of a batch in another shape, of as many elements: [B, …] to [B, ...shape].
 *
 * @throws ConfigError when a size is no whole number from 1; `init` throws ShapeError when the elements do not fit.
 */
export function reshape(shape: Shape): Network {
  expectGiven('reshape', { shape }, 'shape');
  shape.forEach((size, i) => {
    expectCounts('reshape', { [`shape[${i}]`]: size });
  });
  return {
    config: { kind: 'reshape', shape },
    init: (_key, input) => {
      if (sizeOf(input) !== sizeOf(shape))
        throw new ShapeError(
          `reshape: ${formatShape(input)} has ${sizeOf(input)} elements and ${formatShape(shape)} has ${sizeOf(shape)}.`,
        );
      return { params: {}, output: shape };
    },
    apply: (_params, _mode, x) => reshapeOp(x, [x.shape[0], ...shape]),
  };
}
