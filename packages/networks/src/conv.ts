import { expectGiven, formatShape, ShapeError, tensorAt, type Network } from '@elbo/core';
import { activate, type Activation } from '@elbo/ops';
import { fold } from '@elbo/random';
import { add, conv2d, zeros, type Rank, type Tensor4D } from '@tensorflow/tfjs-core';
import { imageShape, type Padding } from './images.js';
import { initialiserFor, initialKernel, type Initialiser } from './initial_kernel.js';
import { expectCounts } from './options.js';

/** A convolution, or a transposed one. */
export interface ConvOptions {
  /** The channels of the output. */
  readonly filters: number;
  /** The height and width of the kernel. */
  readonly kernel: number;
  /** By what factor the output is smaller than the input; for a transposed convolution, larger. */
  readonly stride?: number;
  readonly activation?: Activation;
  readonly padding?: Padding;
  /** How the kernel begins; by default as suits the activation. The bias begins at zero. */
  readonly init?: Initialiser;
}

function outputSize(input: number, kernel: number, stride: number, padding: Padding): number {
  return Math.ceil((padding === 'same' ? input : input - kernel + 1) / stride);
}

/**
 * A convolution of images, [B, H, W, C] to [B, ⌈H / stride⌉, ⌈W / stride⌉, filters] with padding `same`, with parameters
 * `kernel` [kernel, kernel, C, filters] and `bias` [filters].
 *
 * @throws ConfigError when a number is no whole number from 1; `init` throws ShapeError for inputs that are no images, or
 * are smaller than the kernel where nothing is padded.
 */
export function conv(options: ConvOptions): Network {
  expectGiven('conv', options, 'filters', 'kernel');
  const {
    filters,
    kernel,
    stride = 1,
    activation = 'linear',
    padding = 'same',
    init = initialiserFor(activation),
  } = options;
  expectCounts('conv', { filters, kernel, stride });
  return {
    config: { kind: 'conv', filters, kernel, stride, activation, padding, init },
    init: (key, input) => {
      const [height, width, channels] = imageShape(input, 'conv');
      const output = [
        outputSize(height, kernel, stride, padding),
        outputSize(width, kernel, stride, padding),
        filters,
      ];
      if (output.some((size) => size < 1))
        throw new ShapeError(
          `conv: images ${formatShape(input)} are smaller than its kernel, ${kernel} × ${kernel}; pad with 'same'.`,
        );
      const fan = { inputs: kernel * kernel * channels, outputs: kernel * kernel * filters };
      const shape = [kernel, kernel, channels, filters];
      return {
        params: {
          kernel: initialKernel(fold(key, 'kernel'), shape, fan, init),
          bias: zeros([filters]),
        },
        output,
      };
    },
    apply: (params, _mode, x) => {
      const weights = tensorAt<Rank.R4>(params, 'kernel');
      const product = conv2d(x as Tensor4D, weights, stride, padding);
      return activate(add(product, tensorAt(params, 'bias')), activation);
    },
  };
}
