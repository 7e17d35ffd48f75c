import {
  ConfigError,
  expectGiven,
  formatShape,
  ShapeError,
  tensorAt,
  type Network,
} from '@elbo/core';
import { activate } from '@elbo/ops';
import { fold } from '@elbo/random';
import { add, conv2dTranspose, zeros, type Rank, type Tensor4D } from '@tensorflow/tfjs-core';
import type { ConvOptions } from './conv.js';
import { imageShape, type Padding } from './images.js';
import { initialiserFor, initialKernel } from './initial_kernel.js';
import { expectCounts } from './options.js';

/** A transposed convolution. */
export interface ConvTransposeOptions extends ConvOptions {
  /**
   * The height and width of the output, with padding `same`: those that a convolution of the same stride makes the input's
   * of, for odd ones. By default those of the input times the stride, the largest.
   */
  readonly size?: readonly [height: number, width: number];
}

function outputSize(input: number, kernel: number, stride: number, padding: Padding): number {
  return input * stride + (padding === 'same' ? 0 : Math.max(kernel - stride, 0));
}

/**
 * A transposed convolution of images, the gradient of a convolution by its input: [B, H, W, C] to
 * [B, H · stride, W · stride, filters] with padding `same`, with parameters `kernel` [kernel, kernel, filters, C] and
 * `bias` [filters]. A kernel that is a multiple of the stride covers every pixel alike, without a checkerboard.
 *
 * @throws ConfigError when a number is no whole number from 1, or for a `size` without padding; `init` throws ShapeError
 * for inputs that are no images, or that images of that size are not convolved to.
 */
export function convTranspose(options: ConvTransposeOptions): Network {
  expectGiven('convTranspose', options, 'filters', 'kernel');
  const {
    filters,
    kernel,
    stride = 1,
    activation = 'linear',
    padding = 'same',
    size,
    init = initialiserFor(activation),
  } = options;
  expectCounts('convTranspose', { filters, kernel, stride });
  if (size) expectCounts('convTranspose', { 'size[0]': size[0], 'size[1]': size[1] });
  if (size && padding !== 'same')
    throw new ConfigError(
      "convTranspose: 'size' is for the padding 'same'; leave out one of them.",
    );
  const sized = (height: number, width: number): readonly [number, number] =>
    size ?? [
      outputSize(height, kernel, stride, padding),
      outputSize(width, kernel, stride, padding),
    ];
  return {
    config: {
      kind: 'conv-transpose',
      filters,
      kernel,
      stride,
      activation,
      padding,
      ...(size && { size }),
      init,
    },
    init: (key, input) => {
      const [height, width, channels] = imageShape(input, 'convTranspose');
      if (size && (Math.ceil(size[0] / stride) !== height || Math.ceil(size[1] / stride) !== width))
        throw new ShapeError(
          `convTranspose: ${size.join(' × ')} pixels are not made of ${formatShape(input)} with a stride of ${stride}.`,
        );
      // A pixel of the output sees one input in stride² of the kernel's reach.
      const reach = (kernel / stride) ** 2;
      const fan = { inputs: Math.max(1, reach) * channels, outputs: kernel * kernel * filters };
      const shape = [kernel, kernel, filters, channels];
      return {
        params: {
          kernel: initialKernel(fold(key, 'kernel'), shape, fan, init),
          bias: zeros([filters]),
        },
        output: [...sized(height, width), filters],
      };
    },
    apply: (params, _mode, x) => {
      const [rows, height, width] = (x as Tensor4D).shape;
      const shape: [number, number, number, number] = [rows, ...sized(height, width), filters];
      const weights = tensorAt<Rank.R4>(params, 'kernel');
      const product = conv2dTranspose(x as Tensor4D, weights, shape, stride, padding);
      return activate(add(product, tensorAt(params, 'bias')), activation);
    },
  };
}
