import { util } from '@tensorflow/tfjs-core';
import { activationCode } from '../activations.js';
import { kernel, type Kernel } from '../kernel.js';
import type { Machine } from '../machine.js';
import { areFloats, type Tensors } from '../types.js';

/** The slope below 0 that the kernel LeakyRelu is given; the others have none. */
type Slope = Readonly<Partial<Record<'alpha', number>>>;

/** A function of every number of x, written from one address to another. */
const unary = (
  name: string,
  apply: (side: Machine['side'], from: number, to: number, n: number, slope: number) => void,
): Kernel =>
  kernel<Tensors<'x'>, Slope>({
    name,
    takes: areFloats,
    run: (machine, { x }, { alpha = 0 }) => {
      const output = machine.output(x.shape);
      const [from, to] = [machine.address(x), machine.address(output)];
      apply(machine.side, from, to, util.sizeFromShape(x.shape), alpha);
      return output;
    },
  });

/** The codes in assembly/elementwise/functions.ts of kernels that the stock backend has as scalar loops. */
const functions = ['Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Reciprocal'].map(
  (name, code) =>
    unary(name, (side, from, to, n) => {
      side.apply(code, from, to, n);
    }),
);

/** Scalar loops in the stock backend too, but for Relu6, which there makes 0 of NaN. */
const activations = ['Tanh', 'Softplus', 'Selu', 'LeakyRelu', 'Relu6'].map((name) => {
  const code = activationCode(name.toLowerCase())!;
  return unary(name, (side, from, to, n, slope) => {
    side.activate(code, from, to, n, slope);
  });
});

/** The stock one rounds what is small to 0. */
const sign = unary('Sign', (side, from, to, n) => {
  side.sign(from, to, n);
});

/** Functions of one number. */
export const elementwiseKernels: readonly Kernel[] = [...functions, ...activations, sign];
