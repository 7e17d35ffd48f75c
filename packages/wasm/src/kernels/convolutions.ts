import {
  backend_util,
  util,
  type Conv2DAttrs,
  type Conv2DBackpropFilterAttrs,
  type Conv2DBackpropInputAttrs,
  type Conv3DAttrs,
  type Conv3DBackpropFilterV2Attrs,
  type Conv3DBackpropInputV2Attrs,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { channelsLast, inFormat } from '../formats.js';
import { formatOf, fusedConvolution, imageInfo, type ImageAttrs } from '../images.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { elementsOf, lostBytes, shortSum } from '../overlap.js';
import { areFloats, type Tensors } from '../types.js';
import { outputShape, writeWindows, type Info, type Windows } from '../windows.js';
import { isRightInXnnpack } from '../xnnpack.js';

type Shape5D = [number, number, number, number, number];

const bytes = Float32Array.BYTES_PER_ELEMENT;
/** Bytes of patches to make at once: so few that they are still in the second cache when they are multiplied, */
const patchBytes = 2 ** 18;
/** but so many that packing the other matrix of the product pays, */
const patchesThatPay = 256;
/** unless they are very large. */
const mostPatchBytes = 2 ** 22;

/** How many patches are made at once. */
function somePatches({ count, size }: Windows): number {
  const fitting = (room: number): number => Math.max(1, Math.floor(room / (size * bytes)));
  const paying = Math.min(patchesThatPay, fitting(mostPatchBytes));
  return Math.max(1, Math.min(count, Math.max(fitting(patchBytes), paying)));
}

/** Room for the patches that are made at once, and for so many bytes more, which come first. */
function patchRoom(
  machine: Machine,
  windows: Windows,
  moreBytes = 0,
): { more: number; room: number; some: number } {
  const some = somePatches(windows);
  const more = machine.scratch(moreBytes + some * windows.size * bytes);
  return { more, room: more + moreBytes, some };
}

/** The convolution of x [B, (D,) H, W, C] with a filter [(d,) h, w, C, K]. */
function convolve(machine: Machine, x: TensorInfo, filter: TensorInfo, info: Info): TensorInfo {
  const windows = writeWindows(machine, info);
  const y = machine.output(outputShape(info));
  const { room, some } = patchRoom(machine, windows);
  machine.side.convolution(
    windows.address,
    machine.address(x),
    machine.address(filter),
    info.outChannels,
    machine.address(y),
    room,
    some,
    machine.productScratch(windows.count, info.outChannels, windows.size),
    0,
    windows.count,
  );
  return y;
}

/** An operation that is told the shape of its input may be told one that has no such output. */
function expectOutput({ shape }: TensorInfo, info: Info): void {
  util.assert(
    util.arraysEqual(shape, outputShape(info)),
    () =>
      `The gradient of a convolution's output, channels last, has shape [${shape.join(', ')}], ` +
      `but with this input, filter and padding the output has [${outputShape(info).join(', ')}].`,
  );
}

/** The gradient of x, of `shape`, from that of the output. */
function inputGradient(
  machine: Machine,
  dy: TensorInfo,
  filter: TensorInfo,
  info: Info,
  shape: readonly number[],
): TensorInfo {
  expectOutput(dy, info);
  const windows = writeWindows(machine, info);
  const dx = machine.output(shape);
  const lost = lostBytes(info, util.sizeFromShape([...shape]));
  const { room, some, more } = patchRoom(machine, windows, lost);
  machine.side.convolutionInputGradient(
    windows.address,
    machine.address(dy),
    machine.address(filter),
    info.outChannels,
    machine.address(dx),
    lost === 0 ? 0 : more,
    room,
    some,
    machine.productScratch(windows.count, windows.size, info.outChannels),
    0,
    windows.count,
  );
  return dx;
}

/** The gradient of the filter from that of the output. */
function filterGradient(machine: Machine, x: TensorInfo, dy: TensorInfo, info: Info): TensorInfo {
  expectOutput(dy, info);
  const windows = writeWindows(machine, info);
  const dFilter = machine.output(info.filterShape);
  const { side } = machine;
  const { address } = windows;
  const scratch = side.convolutionFilterScratch(address, info.outChannels, somePatches(windows));
  const { more, room, some } = patchRoom(machine, windows, scratch >>> 0);
  side.convolutionFilterGradient(
    address,
    machine.address(x),
    machine.address(dy),
    info.outChannels,
    machine.address(dFilter),
    room,
    some,
    more,
    0,
    side.convolutionFilterParts(address, some),
  );
  return dFilter;
}

const info2D = (
  x: readonly number[],
  filter: readonly number[],
  attrs: ImageAttrs,
): backend_util.Conv2DInfo => imageInfo(x, filter, attrs, false);

/** The convolution of images, channels last. */
function conv2DOf(
  machine: Machine,
  { x, filter }: Tensors<'x' | 'filter'>,
  attrs: ImageAttrs,
): TensorInfo {
  const last = channelsLast(machine, formatOf(attrs), x);
  const y = convolve(machine, last, filter, info2D(x.shape, filter.shape, attrs));
  machine.free(last);
  return y;
}

/**
 * Whether XNNPACK is faster: making patches, the more so in short runs, then costs more than the faster product saves.
 * The bounds are measured. One output channel is a product with a vector, which is faster here.
 */
const isForXnnpack = (info: backend_util.Conv2DInfo): boolean =>
  info.outChannels > 1 &&
  // It adds up a window from first to last.
  elementsOf(info) * info.inChannels <= shortSum &&
  info.outChannels <= (info.inChannels <= 4 ? 32 : 16) &&
  isRightInXnnpack(info);

const conv2D = kernel<Tensors<'x' | 'filter'>, Conv2DAttrs>({
  name: 'Conv2D',
  takes: ({ x, filter }, attrs) => !isForXnnpack(info2D(x.shape, filter.shape, attrs)),
  run: (machine, inputs, attrs) =>
    inFormat(machine, formatOf(attrs), conv2DOf(machine, inputs, attrs)),
});

const fusedConv2D = fusedConvolution('FusedConv2D', 'Conv2D', conv2DOf);

const conv2DBackpropInput = kernel<Tensors<'dy' | 'filter'>, Conv2DBackpropInputAttrs>({
  name: 'Conv2DBackpropInput',
  // The stock kernel takes what it needs from the corner of a larger one, and conv2dTranspose lets such through.
  takes: ({ dy, filter }, attrs) =>
    util.arraysEqual(dy.shape, info2D(attrs.inputShape, filter.shape, attrs).outShape),
  run: (machine, { dy, filter }, attrs) => {
    const info = info2D(attrs.inputShape, filter.shape, attrs);
    const last = channelsLast(machine, formatOf(attrs), dy);
    const shape = [info.batchSize, info.inHeight, info.inWidth, info.inChannels];
    const dx = inputGradient(machine, last, filter, info, shape);
    machine.free(last);
    return inFormat(machine, formatOf(attrs), dx);
  },
});

const conv2DBackpropFilter = kernel<Tensors<'x' | 'dy'>, Conv2DBackpropFilterAttrs>({
  name: 'Conv2DBackpropFilter',
  run: (machine, { x, dy }, attrs) => {
    const info = info2D(x.shape, attrs.filterShape, attrs);
    const [lastX, lastDy] = [x, dy].map((t) => channelsLast(machine, formatOf(attrs), t));
    const dFilter = filterGradient(machine, lastX!, lastDy!, info);
    machine.free(lastX!);
    machine.free(lastDy!);
    return dFilter;
  },
});

/** What the kernels of volumes say of their windows. */
type Attrs3D = Pick<Conv3DAttrs, 'strides' | 'pad'> & Partial<Pick<Conv3DAttrs, 'dilations'>>;

function info3D(x: readonly number[], filter: readonly number[], attrs: Attrs3D): Info {
  return backend_util.computeConv3DInfo(
    x as Shape5D,
    filter as Shape5D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
  );
}

const conv3D = kernel<Tensors<'x' | 'filter'>, Conv3DAttrs>({
  name: 'Conv3D',
  takes: areFloats,
  run: (machine, { x, filter }, attrs) =>
    convolve(machine, x, filter, info3D(x.shape, filter.shape, attrs)),
});

const conv3DBackpropInput = kernel<Tensors<'dy' | 'filter'>, Conv3DBackpropInputV2Attrs>({
  name: 'Conv3DBackpropInputV2',
  takes: areFloats,
  run: (machine, { dy, filter }, attrs) => {
    const info = info3D(attrs.inputShape, filter.shape, attrs);
    return inputGradient(machine, dy, filter, info, attrs.inputShape);
  },
});

const conv3DBackpropFilter = kernel<Tensors<'x' | 'dy'>, Conv3DBackpropFilterV2Attrs>({
  name: 'Conv3DBackpropFilterV2',
  takes: areFloats,
  run: (machine, { x, dy }, attrs) =>
    filterGradient(machine, x, dy, info3D(x.shape, attrs.filterShape, attrs)),
});

/** Convolutions and their gradients. */
export const convolutions: readonly Kernel[] = [
  conv2D,
  fusedConv2D,
  conv2DBackpropInput,
  conv2DBackpropFilter,
  conv3D,
  conv3DBackpropInput,
  conv3DBackpropFilter,
];
