// What the convolutions of images have in common, whether they mix channels or not.
import {
  backend_util,
  type Conv2DAttrs,
  type FusedConv2DAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { finishInChannels, type FinishInputs } from './epilogue.js';
import type { Format } from './formats.js';
import { kernel, type Kernel } from './kernel.js';
import type { Machine } from './machine.js';
import type { Tensors } from './types.js';

type Shape4D = [number, number, number, number];

/** What their kernels say of their windows. */
export type ImageAttrs = Pick<Conv2DAttrs, 'strides' | 'pad' | 'dimRoundingMode'> & {
  /** None is 1. */
  readonly dilations?: Conv2DAttrs['dilations'] | null;
  /** The operations of some gradients do not pass it: channels last. */
  readonly dataFormat?: string;
};

/** Where the channels of its images are. */
export const formatOf = ({ dataFormat }: ImageAttrs): Format => dataFormat as Format;

/** The windows of a convolution. `depthwise`: each channel by itself. */
export function imageInfo(
  x: readonly number[],
  filter: readonly number[],
  attrs: ImageAttrs,
  depthwise: boolean,
): backend_util.Conv2DInfo {
  return backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    formatOf(attrs) === 'NCHW' ? 'channelsFirst' : 'channelsLast',
  );
}

/** A convolution finished with bias and activation: that of the kernel `plain`, or `convolve`, which leaves channels last. */
export function fusedConvolution(
  name: string,
  plain: string,
  convolve: (machine: Machine, inputs: Tensors<'x' | 'filter'>, attrs: ImageAttrs) => TensorInfo,
): Kernel {
  return kernel<Tensors<'x' | 'filter'> & FinishInputs, FusedConv2DAttrs>({
    name,
    run: (machine, inputs, attrs) => {
      const { x, filter } = inputs;
      const y =
        formatOf(attrs) === 'NCHW'
          ? convolve(machine, { x, filter }, attrs)
          : machine.call(plain, { x, filter }, { ...attrs });
      return finishInChannels(machine, y, inputs, attrs);
    },
  });
}
