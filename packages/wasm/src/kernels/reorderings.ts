import { slice_util, util, type ReverseAttrs, type StridedSliceAttrs } from '@tensorflow/tfjs-core';
import { assembled, stepped, stridesOf } from '../elements.js';
import { kernel, type Kernel } from '../kernel.js';
import { isNumeric, type Tensors } from '../types.js';

type X = Tensors<'x'>;

/** The stock kernels below take every number for one of four bytes. */

// The stock one gives float32 whatever it takes.
const stridedSlice = kernel<X, StridedSliceAttrs>({
  name: 'StridedSlice',
  run: (machine, { x }, attrs) => {
    const { begin, end, strides, finalShape } = slice_util.sliceInfo(
      x.shape,
      attrs.begin,
      attrs.end,
      attrs.strides,
      attrs.beginMask,
      attrs.endMask,
      attrs.ellipsisMask,
      attrs.newAxisMask,
      attrs.shrinkAxisMask,
    );
    const own = stridesOf(x.shape);
    const start = begin.reduce((place, at, d) => place + at * own[d]!, 0);
    const steps = own.map((stride, d) => stride * strides[d]!);
    const shape = slice_util.computeOutShape(begin, end, strides);
    return { ...stepped(machine, x, shape, start, steps), shape: finalShape };
  },
});

const reverse = kernel<X, ReverseAttrs>({
  name: 'Reverse',
  takes: ({ x }) => !isNumeric(x),
  run: (machine, { x }, { dims }) => {
    const reversed = util.parseAxisParam(dims, x.shape);
    const own = stridesOf(x.shape);
    const start = reversed.reduce((place, d) => place + (x.shape[d]! - 1) * own[d]!, 0);
    const steps = own.map((stride, d) => (reversed.includes(d) ? -stride : stride));
    return stepped(machine, x, x.shape, start, steps);
  },
});

const select = kernel<Tensors<'condition' | 't' | 'e'>, unknown>({
  name: 'Select',
  takes: ({ t }) => !isNumeric(t),
  run: (machine, { condition, t, e }) => {
    // A condition of one dimension chooses whole rows.
    const row = util.sizeFromShape(t.shape) / util.sizeFromShape(condition.shape);
    // Copied, for the output may move the memory.
    const chosen = machine.numbers(condition).slice();
    return assembled(machine, [t, e], t.shape, (i) => [chosen[Math.floor(i / row)] ? 0 : 1, i]);
  },
});

/** Elements of one type in another order, or from two tensors. */
export const reorderings: readonly Kernel[] = [stridedSlice, reverse, select];
