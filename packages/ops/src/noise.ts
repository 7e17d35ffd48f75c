import { type Key, normal, uniform } from '@elbo/random';
import { tensor, util, type Rank, type ShapeMap, type Tensor } from '@tensorflow/tfjs-core';
import { dispatch } from './dispatch.js';
import { forRows } from './rows.js';

/** The kernel of `randomNormal`: no inputs, one output. */
export const randomNormalKernel = 'ElboRandomNormal';
/** The kernel of `randomUniform`: no inputs, one output. */
export const randomUniformKernel = 'ElboRandomUniform';
/** The words of the key, and the shape of the output. Element i in row-major order is draw i of @elbo/random. */
export interface NoiseAttrs {
  readonly [name: string]: readonly number[];
  readonly words: readonly [number, number];
  readonly shape: readonly number[];
}

/**
 * Draws from the standard normal distribution: the bits of `normal` of `@elbo/random`, on every backend. With a key of
 * some rows of a minibatch, their part of the draws for all of them.
 *
 * @param shape of the result.
 */
export function randomNormal<R extends Rank>(key: Key, shape: ShapeMap[R]): Tensor<R> {
  return forRows(key, shape, (whole, size) =>
    dispatch({ kernelName: randomNormalKernel }, {}, { words: whole.words, shape: size }, () =>
      tensor(normal(whole, util.sizeFromShape(size)), size),
    ),
  );
}

/**
 * Draws from the uniform distribution on [0, 1): the bits of `uniform` of `@elbo/random`, on every backend.
 *
 * @param shape of the result.
 */
export function randomUniform<R extends Rank>(key: Key, shape: ShapeMap[R]): Tensor<R> {
  return forRows(key, shape, (whole, size) =>
    dispatch({ kernelName: randomUniformKernel }, {}, { words: whole.words, shape: size }, () =>
      tensor(uniform(whole, util.sizeFromShape(size)), size),
    ),
  );
}
