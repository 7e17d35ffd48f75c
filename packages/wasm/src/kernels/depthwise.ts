import {
  type backend_util,
  util,
  type DepthwiseConv2dNativeAttrs,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { channelsLast, inFormat } from '../formats.js';
import { formatOf, fusedConvolution, imageInfo, type ImageAttrs } from '../images.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { elementsOf, lostBytes, lostRoom, shortSum } from '../overlap.js';
import type { Tensors } from '../types.js';
import { outputShape, writeWindows, type Info } from '../windows.js';
import { isRightInXnnpack } from '../xnnpack.js';

const bytes = Float32Array.BYTES_PER_ELEMENT;

const infoOf = (
  x: readonly number[],
  filter: readonly number[],
  attrs: ImageAttrs,
): backend_util.Conv2DInfo => imageInfo(x, filter, attrs, true);

/** Each channel of x [..., C] `multiplier` times, [..., C · multiplier]: the side module knows no multiplier. */
function repeated(machine: Machine, x: TensorInfo, multiplier: number): TensorInfo {
  if (multiplier === 1) return machine.alias(x);
  const output = machine.output([...x.shape.slice(0, -1), x.shape.at(-1)! * multiplier]);
  const [from, to] = [machine.address(x), machine.address(output)];
  machine.side.repeat(from, util.sizeFromShape(x.shape), multiplier, to);
  return output;
}

/** The adjoint of `repeated`; instead of `x`. */
function summed(machine: Machine, x: TensorInfo, multiplier: number): TensorInfo {
  if (multiplier === 1) return x;
  const shape = [...x.shape.slice(0, -1), x.shape.at(-1)! / multiplier];
  const groups = machine.alias(x, [...shape, multiplier]);
  const output = machine.call('Sum', { x: groups }, { axis: shape.length, keepDims: false });
  machine.free(groups);
  machine.free(x);
  return output;
}

const multiplierOf = (info: Info): number => info.outChannels / info.inChannels;

/** The convolution of images, channels last. */
function convolve(
  machine: Machine,
  { x, filter }: Tensors<'x' | 'filter'>,
  attrs: ImageAttrs,
): TensorInfo {
  const info = infoOf(x.shape, filter.shape, attrs);
  const last = channelsLast(machine, formatOf(attrs), x);
  const wide = repeated(machine, last, multiplierOf(info));
  const { address } = writeWindows(machine, info, info.outChannels);
  const y = machine.output(outputShape(info));
  const isLong = elementsOf(info) > shortSum;
  machine.side.depthwise(
    address,
    machine.address(wide),
    machine.address(filter),
    machine.address(y),
    lostRoom(machine, isLong ? util.sizeFromShape(y.shape) * bytes : 0),
  );
  machine.free(wide);
  machine.free(last);
  return y;
}

/** The most output channels with which XNNPACK is faster: with so few, little of a vector is used here. */
const fewChannels = 8;

const depthwise = kernel<Tensors<'x' | 'filter'>, DepthwiseConv2dNativeAttrs>({
  name: 'DepthwiseConv2dNative',
  takes: ({ x, filter }, attrs) => {
    const info = infoOf(x.shape, filter.shape, attrs);
    const isShort = elementsOf(info) <= shortSum;
    return !(info.outChannels <= fewChannels && isShort && isRightInXnnpack(info));
  },
  run: (machine, inputs, attrs) =>
    inFormat(machine, formatOf(attrs), convolve(machine, inputs, attrs)),
});

const fused = fusedConvolution('FusedDepthwiseConv2D', 'DepthwiseConv2dNative', convolve);

const inputGradient = kernel<Tensors<'dy' | 'filter'>, DepthwiseConv2dNativeBackpropInputAttrs>({
  name: 'DepthwiseConv2dNativeBackpropInput',
  run: (machine, { dy, filter }, attrs) => {
    const info = infoOf(attrs.inputShape, filter.shape, attrs);
    const last = channelsLast(machine, formatOf(attrs), dy);
    const { address } = writeWindows(machine, info, info.outChannels);
    const wide = machine.output([info.batchSize, info.inHeight, info.inWidth, info.outChannels]);
    machine.side.depthwiseInputGradient(
      address,
      machine.address(last),
      machine.address(filter),
      machine.address(wide),
      lostRoom(machine, lostBytes(info, util.sizeFromShape(wide.shape))),
    );
    machine.free(last);
    return inFormat(machine, formatOf(attrs), summed(machine, wide, multiplierOf(info)));
  },
});

const filterGradient = kernel<Tensors<'x' | 'dy'>, DepthwiseConv2dNativeBackpropFilterAttrs>({
  name: 'DepthwiseConv2dNativeBackpropFilter',
  run: (machine, { x, dy }, attrs) => {
    const info = infoOf(x.shape, attrs.filterShape, attrs);
    const [lastX, lastDy] = [x, dy].map((t) => channelsLast(machine, formatOf(attrs), t));
    const wide = repeated(machine, lastX!, multiplierOf(info));
    const { address } = writeWindows(machine, info, info.outChannels);
    const dFilter = machine.output(attrs.filterShape);
    machine.side.depthwiseFilterGradient(
      address,
      machine.address(wide),
      machine.address(lastDy!),
      machine.address(dFilter),
      machine.scratch(machine.side.depthwiseFilterScratch(address) >>> 0),
    );
    for (const tensor of [wide, lastX!, lastDy!]) machine.free(tensor);
    return dFilter;
  },
});

/** Convolutions of each channel by itself, [B, H, W, C] to [B, H, W, C · multiplier], and their gradients. */
export const depthwiseConvolutions: readonly Kernel[] = [
  depthwise,
  fused,
  inputGradient,
  filterGradient,
];
