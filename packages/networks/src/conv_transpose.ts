import { expectGiven, tensorAt, type Network } from '@elbo/core';
import { activate } from '@elbo/ops';
import { fold } from '@elbo/random';
import { add, conv2dTranspose, zeros, type Rank, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvOptions } from './conv.js';
import { imageShape, type Padding } from './images.js';
import { initialiserFor, initialKernel } from './initial_kernel.js';
import { expectCounts } from './options.js';

function outputSize(input: number, kernel: number, stride: number, padding: Padding): number {
  return input * stride + (padding === 'same' ? 0 : Math.max(kernel - stride, 0));
}

/**
 * A transposed convolution of images, the gradient of a convolution by its input: [B, H, W, C] to
 * [B, H · stride, W · stride, filters] with padding `same`, with parameters `kernel` [kernel, kernel, filters, C] and
 * `bias` [filters]. A kernel that is a multiple of the stride covers every pixel alike, without a checkerboard.
 *
 * @throws ConfigError when a number is no whole number from 1; `init` throws ShapeError for inputs that are no images.
 */
export function convTranspose(options: ConvOptions): Network {
  expectGiven('convTranspose', options, 'filters', 'kernel');
  const {
    filters,
    kernel,
    stride = 1,
    activation = 'linear',
    padding = 'same',
    init = initialiserFor(activation),
  } = options;
  expectCounts('convTranspose', { filters, kernel, stride });
  const sized = (size: number): number => outputSize(size, kernel, stride, padding);
  return {
    config: { kind: 'conv-transpose', filters, kernel, stride, activation, padding, init },
    init: (key, input) => {
      const [height, width, channels] = imageShape(input, 'convTranspose');
      // A pixel of the output sees one input in stride² of the kernel's reach.
      const reach = (kernel / stride) ** 2;
      const fan = { inputs: Math.max(1, reach) * channels, outputs: kernel * kernel * filters };
      const shape = [kernel, kernel, filters, channels];
      return {
        params: {
          kernel: initialKernel(fold(key, 'kernel'), shape, fan, init),
          bias: zeros([filters]),
        },
        output: [sized(height), sized(width), filters],
      };
    },
    apply: (params, _mode, x) => {
      const [rows, height, width] = (x as Tensor4D).shape;
      const shape: [number, number, number, number] = [rows, sized(height), sized(width), filters];
      const weights = tensorAt<Rank.R4>(params, 'kernel');
      const product = conv2dTranspose(x as Tensor4D, weights, shape, stride, padding);
      return activate(add(product, tensorAt(params, 'bias')), activation);
    },
  };
}
