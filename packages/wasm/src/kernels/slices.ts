import {
  backend_util,
  slice_util,
  util,
  type SliceAttrs,
  type SplitVAttrs,
  type TensorInfo,
  type UnpackAttrs,
} from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { isPlain, type Tensors } from '../types.js';

type X = Tensors<'x'>;

/** A box cut out of x, copied row by row: a row is as long as its numbers lie side by side. */
function cut(
  machine: Machine,
  x: TensorInfo,
  begin: readonly number[],
  size: readonly number[],
): TensorInfo {
  const output = machine.output(size, x.dtype);
  const strides = [...util.computeStrides(x.shape), 1].slice(-Math.max(1, x.shape.length));
  // The last dimension of which not all is taken, with all those after it, is a row.
  let last = x.shape.length - 1;
  while (last > 0 && size[last] === x.shape[last]) last--;
  const width = util.bytesPerElement(x.dtype);
  const bytes = width * util.sizeFromShape(size.slice(Math.max(0, last)));
  const rows = last > 0 ? size[last - 1]! : 1;
  const outer = size.slice(0, Math.max(0, last - 1));
  const start = begin.reduce((place, at, d) => place + at * strides[d]!, 0);
  const [from, to] = [machine.address(x), machine.address(output)];
  for (let block = 0; block < util.sizeFromShape(outer); block++) {
    const at = util.indexToLoc(block, outer.length, util.computeStrides(outer));
    const place = outer.reduce((sum, _, d) => sum + at[d]! * strides[d]!, start);
    machine.side.gatherRows(
      rows,
      bytes,
      from + place * width,
      last > 0 ? strides[last - 1]! * width : 0,
      to + block * rows * bytes,
    );
  }
  return output;
}

const slice = kernel<X, SliceAttrs>({
  name: 'Slice',
  takes: ({ x }) => isPlain(x),
  run: (machine, { x }, { begin, size }) => {
    const [first, length] = slice_util.parseSliceParams(x, begin, size);
    slice_util.assertParamsValid(x, first!, length!);
    return cut(machine, x, first!, length!);
  },
});

/** Parts of x along an axis, of these sizes, one after the other. */
function parts(
  machine: Machine,
  x: TensorInfo,
  axis: number,
  sizes: readonly number[],
): TensorInfo[] {
  let place = 0;
  return sizes.map((length) => {
    const part = cut(
      machine,
      x,
      x.shape.map((_, d) => (d === axis ? place : 0)),
      x.shape.map((extent, d) => (d === axis ? length : extent)),
    );
    place += length;
    return part;
  });
}

const splitV = kernel<X, SplitVAttrs>({
  name: 'SplitV',
  takes: ({ x }) => isPlain(x),
  run: (machine, { x }, { numOrSizeSplits, axis }) => {
    const [along] = util.parseAxisParam(axis, x.shape);
    const sizes = backend_util.prepareSplitSize(x, numOrSizeSplits, along);
    return parts(machine, x, along!, sizes);
  },
});

const unpack = kernel<Tensors<'value'>, UnpackAttrs>({
  name: 'Unpack',
  takes: ({ value }) => isPlain(value),
  run: (machine, { value: x }, { axis }) => {
    const [along] = util.parseAxisParam(axis, x.shape);
    const ones = Array.from({ length: x.shape[along!]! }, () => 1);
    const shape = x.shape.filter((_, d) => d !== along);
    return parts(machine, x, along!, ones).map((part) => ({ ...part, shape }));
  },
});

/** Parts of tensors. */
export const slices: readonly Kernel[] = [slice, splitV, unpack];
