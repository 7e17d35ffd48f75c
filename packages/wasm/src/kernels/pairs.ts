import { slice_util, type SliceAttrs, type TensorInfo } from '@tensorflow/tfjs-core';
import { asComplex, asPairs, isComplex } from '../complex.js';
import type { Kernel } from '../kernel.js';
import type { Attrs, Inputs } from '../kernel_arguments.js';

/** How a kernel's attributes change when x, of complex numbers, gets the dimension of their parts. */
type Adapt = (attrs: Attrs, x: TensorInfo) => Attrs;

const unchanged: Adapt = (attrs) => attrs;

/** An axis counted from the first, since there is another last one. */
const axisFromFirst: Adapt = (attrs, { shape }) => {
  const axis = attrs.axis as number;
  return { ...attrs, axis: axis < 0 ? axis + shape.length : axis };
};

/** Kernels that move numbers or work on each part alone, so that the ones of float32 do. */
const adaptations: Readonly<Record<string, Adapt>> = {
  Add: unchanged,
  Sub: unchanged,
  Concat: axisFromFirst,
  GatherV2: axisFromFirst,
  Pack: (attrs, { shape }) => axisFromFirst(attrs, { shape: [...shape, 1] } as TensorInfo),
  SplitV: axisFromFirst,
  Unpack: axisFromFirst,
  Slice: (attrs, x) => {
    const { begin, size } = attrs as unknown as SliceAttrs;
    const [first, length] = slice_util.parseSliceParams(x, begin, size);
    return { begin: [...first!, 0], size: [...length!, 2] };
  },
  Tile: (attrs) => ({ reps: [...(attrs.reps as number[]), 1] }),
  Transpose: (attrs, { shape }) => ({ perm: [...(attrs.perm as number[]), shape.length] }),
};

/** The inputs with pairs for complex numbers, as a list where they are one. */
function paired(inputs: Inputs): Inputs {
  const entries = Object.entries(inputs).map(
    ([key, input]) => [key, isComplex(input) ? asPairs(input) : input] as const,
  );
  const values = entries.map(([, input]) => input);
  return Array.isArray(inputs) ? (values as unknown as Inputs) : Object.fromEntries(entries);
}

const onPairs = ([name, adapt]: readonly [string, Adapt]): Kernel => ({
  name,
  takes: (inputs) => Object.values(inputs).some(isComplex),
  run: (machine, inputs, attrs) => {
    const x = Object.values(inputs).find(isComplex)!;
    const result = machine.callAll(name, paired(inputs), adapt(attrs, x));
    return Array.isArray(result) ? result.map(asComplex) : asComplex(result);
  },
});

/** Kernels of complex numbers that are those of pairs of numbers. */
export const pairKernels: readonly Kernel[] = Object.entries(adaptations).map(onPairs);
