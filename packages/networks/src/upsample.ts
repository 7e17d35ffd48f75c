import { expectGiven, type Network } from '@elbo/core';
import { add, reshape, zeros, type Tensor4D } from '@tensorflow/tfjs-core';
import { imageShape } from './images.js';
import { expectCounts } from './options.js';

/** A larger image. */
export interface UpsampleOptions {
  readonly factor: number;
}

/**
 * Every pixel as a square of equal pixels: [B, H, W, C] to [B, factor · H, factor · W, C]. It broadcasts, so that its
 * gradient is a plain sum: that of tfjs's own nearest-neighbour resizing is wrong on the cpu backend.
 *
 * @throws ConfigError when `factor` is no whole number from 1; `init` throws ShapeError for inputs that are no images.
 */
export function upsample(options: UpsampleOptions): Network {
  expectGiven('upsample', options, 'factor');
  const { factor } = options;
  expectCounts('upsample', { factor });
  return {
    config: { kind: 'upsample', factor },
    init: (_key, input) => {
      const [height, width, channels] = imageShape(input, 'upsample');
      return { params: {}, output: [factor * height, factor * width, channels] };
    },
    apply: (_params, _mode, x) => {
      const [rows, height, width, channels] = (x as Tensor4D).shape;
      const copies = zeros([1, factor, 1]);
      const wide = add(reshape(x, [rows * height * width, 1, channels]), copies);
      const tall = add(reshape(wide, [rows * height, 1, width * factor * channels]), copies);
      return reshape(tall, [rows, height * factor, width * factor, channels]);
    },
  };
}
