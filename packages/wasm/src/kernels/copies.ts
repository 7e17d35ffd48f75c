import { type CastAttrs } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Tensors } from '../types.js';

type X = Tensors<'x'>;

const identity = kernel<X, unknown>({
  name: 'Identity',
  run: (machine, { x }) => machine.alias(x),
});

const cast = kernel<X, CastAttrs>({
  name: 'Cast',
  run: (machine, { x }, { dtype }) => {
    if (x.dtype === dtype) return machine.alias(x);
    const output = machine.output(x.shape, dtype);
    const [from, to] = [machine.numbers(x), machine.numbers(output)];
    // A typed array cuts fractions off, but of a number that is true it would keep the lowest bits.
    if (dtype === 'bool') from.forEach((number, i) => (to[i] = Number(number !== 0)));
    else to.set(from);
    return output;
  },
});

/** Tensors that are others by another name, or in another type. */
export const copies: readonly Kernel[] = [identity, cast];
