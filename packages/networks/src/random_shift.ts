import { ConfigError, type Network } from '@elbo/core';
import { randomUniform } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  cast,
  clone,
  equal,
  floor,
  matMul,
  mul,
  range,
  reshape,
  sub,
  type Rank,
  type Tensor,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { imageShape } from './images.js';

/** How far images are moved. */
export interface RandomShiftOptions {
  /** The most pixels that an image is moved by, in each direction. */
  readonly by: number;
}

/**
 * Moves each image `[height, width, channels]` by a whole number of pixels up or down and left or right in training,
 * each number from −`by` to `by` as likely, with zeros where nothing moves in; and does nothing outside it. What follows
 * learns that a small move changes nothing.
 *
 * @throws ConfigError unless `by` is a whole number from 1; ShapeError in use for inputs that are no images.
 */
export function randomShift({ by }: RandomShiftOptions): Network {
  if (!Number.isSafeInteger(by) || by < 1)
    throw new ConfigError(`randomShift: 'by' must be a whole number from 1, not ${by}.`);
  return {
    config: { kind: 'random-shift', by },
    init: (_key, input) => {
      imageShape(input, 'randomShift');
      return { params: {}, output: input };
    },
    apply: (_params, { training, key }, x) => {
      if (!training) return clone(x);
      const [rows = 0, ...image] = x.shape;
      const [height, width, channels] = imageShape(image, 'randomShift');
      const moves = (axis: string): Tensor => drawn(fold(key, axis), rows, by);
      // As products with matrices of one 1 a row, which every backend can differentiate.
      const lines: Tensor3D = reshape(x, [rows, height, width * channels]);
      const down = matMul(moved(moves('down'), height), lines);
      const across = moved(mul(moves('across'), channels), width * channels);
      return reshape(matMul(down, across, false, true), x.shape);
    },
  };
}

/** Whole numbers from −by to by, `[rows, 1, 1]`. */
function drawn(key: Key, rows: number, by: number): Tensor {
  return sub(floor(mul(randomUniform<Rank.R3>(key, [rows, 1, 1]), 2 * by + 1)), by);
}

/** For each row the matrix `[size, size]` whose product with a vector moves its elements on by `move`. */
function moved(move: Tensor, size: number): Tensor3D {
  const to = reshape(range(0, size, 1, 'float32'), [1, size, 1]);
  const from = reshape(range(0, size, 1, 'float32'), [1, 1, size]);
  return cast(equal(sub(to, from), move), 'float32');
}
