import { ConfigError, expectGiven, type Network } from '@elbo/core';
import { randomUniform } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import {
  addN,
  cast,
  clone,
  equal,
  floor,
  mul,
  pad,
  reshape,
  slice,
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
export function randomShift(options: RandomShiftOptions): Network {
  expectGiven('randomShift', options, 'by');
  const { by } = options;
  if (!Number.isSafeInteger(by) || by < 1)
    throw new ConfigError(`randomShift: 'by' must be a whole number of at least 1, not ${by}.`);
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
      const lines: Tensor3D = reshape(x, [rows, height, width * channels]);
      const down = moved(lines, moves('down'), { axis: 1, by, unit: 1 });
      const across = moved(down, moves('across'), { axis: 2, by, unit: channels });
      return reshape(across, x.shape);
    },
  };
}

/** Whole numbers from −by to by, `[rows, 1, 1]`. */
function drawn(key: Key, rows: number, by: number): Tensor {
  return sub(floor(mul(randomUniform<Rank.R3>(key, [rows, 1, 1]), 2 * by + 1)), by);
}

/** x with each row moved on along an axis by its own number of units: the sum over moves of those rows moved by it. */
function moved(
  x: Tensor3D,
  moves: Tensor,
  { axis, by, unit }: { readonly axis: 1 | 2; readonly by: number; readonly unit: number },
): Tensor3D {
  const along = (size: number): [number, number] => [size, size];
  const [none, all] = [along(0), along(by * unit)];
  const padded = pad(x, axis === 1 ? [none, all, none] : [none, none, all]);
  const each = Array.from({ length: 2 * by + 1 }, (_, i) => {
    const begin: [number, number, number] = [0, 0, 0];
    begin[axis] = i * unit;
    const chosen = cast(equal(moves, by - i), 'float32');
    return mul<Tensor3D>(slice(padded, begin, x.shape), chosen);
  });
  return addN(each);
}
