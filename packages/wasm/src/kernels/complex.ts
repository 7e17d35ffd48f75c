import {
  broadcast_util,
  util,
  type CastAttrs,
  type DataType,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { asComplex, asPairs, isComplex } from '../complex.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { broadcastPlaces } from '../matrices.js';
import type { Tensors } from '../types.js';

type X = Tensors<'x'>;
type Input = Tensors<'input'>;
type Pair = Tensors<'a' | 'b'>;

const output = (machine: Machine, shape: readonly number[]): TensorInfo =>
  asComplex(machine.output([...shape, 2]));

/** Complex numbers of a shape, each by its place. */
function filled(
  machine: Machine,
  shape: readonly number[],
  at: (place: number) => readonly [number, number],
): TensorInfo {
  const result = output(machine, shape);
  const numbers = machine.numbers(asPairs(result));
  for (let i = 0; 2 * i < numbers.length; i++) [numbers[2 * i], numbers[2 * i + 1]] = at(i);
  return result;
}

/** A number of another type for each complex one. */
function mapped(
  machine: Machine,
  x: TensorInfo,
  f: (real: number, imaginary: number) => number,
  dtype: DataType = 'float32',
): TensorInfo {
  const result = machine.output(x.shape, dtype);
  const [from, to] = [machine.numbers(asPairs(x)), machine.numbers(result)];
  for (let i = 0; i < to.length; i++) to[i] = f(from[2 * i]!, from[2 * i + 1]!);
  return result;
}

const complex = kernel<Tensors<'real' | 'imag'>, unknown>({
  name: 'Complex',
  run: (machine, { real, imag }) => {
    const result = output(machine, real.shape);
    const [reals, imaginaries] = [machine.numbers(real), machine.numbers(imag)];
    const numbers = machine.numbers(asPairs(result));
    reals.forEach((number, i) => {
      numbers[2 * i] = number;
      numbers[2 * i + 1] = imaginaries[i]!;
    });
    return result;
  },
});

const real = kernel<Input, unknown>({
  name: 'Real',
  run: (machine, { input }) => mapped(machine, input, (re) => re),
});

const imag = kernel<Input, unknown>({
  name: 'Imag',
  run: (machine, { input }) => mapped(machine, input, (_, im) => im),
});

const complexAbs = kernel<X, unknown>({
  name: 'ComplexAbs',
  run: (machine, { x }) => mapped(machine, x, Math.hypot),
});

const castFrom = kernel<X, CastAttrs>({
  name: 'Cast',
  takes: ({ x }, { dtype }) => isComplex(x) && dtype !== 'complex64',
  run: (machine, { x }, { dtype }) =>
    mapped(machine, x, dtype === 'bool' ? (re) => Number(re !== 0) : (re) => re, dtype),
});

const castTo = kernel<X, CastAttrs>({
  name: 'Cast',
  takes: ({ x }, { dtype }) => !isComplex(x) && dtype === 'complex64',
  run: (machine, { x }) => {
    const result = output(machine, x.shape);
    const [from, to] = [machine.numbers(x), machine.numbers(asPairs(result))];
    to.fill(0);
    from.forEach((number, i) => (to[2 * i] = number));
    return result;
  },
});

const multiply = kernel<Pair, unknown>({
  name: 'Multiply',
  takes: ({ a, b }) => isComplex(a) && isComplex(b),
  run: (machine, { a, b }) => {
    const shape = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
    const [placesA, placesB] = [broadcastPlaces(a.shape, shape), broadcastPlaces(b.shape, shape)];
    const result = output(machine, shape);
    const [ofA, ofB, to] = [a, b, result].map((x) => machine.numbers(asPairs(x)));
    for (let i = 0; i < util.sizeFromShape(shape); i++) {
      const [p, q] = [2 * placesA(i), 2 * placesB(i)];
      to![2 * i] = ofA![p]! * ofB![q]! - ofA![p + 1]! * ofB![q + 1]!;
      to![2 * i + 1] = ofA![p]! * ofB![q + 1]! + ofA![p + 1]! * ofB![q]!;
    }
    return result;
  },
});

const likes = (name: string, real: number): Kernel =>
  kernel<X, unknown>({
    name,
    takes: ({ x }) => isComplex(x),
    run: (machine, { x }) => filled(machine, x.shape, () => [real, 0]),
  });

/** Kernels that make, take apart and multiply complex numbers. */
export const complexKernels: readonly Kernel[] = [
  complex,
  real,
  imag,
  complexAbs,
  castFrom,
  castTo,
  multiply,
  likes('ZerosLike', 0),
  likes('OnesLike', 1),
];
