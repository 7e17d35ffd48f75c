// Functions of one number, and a few of two, that the stock backend has wrong for some types.
import type { DataType } from '@tensorflow/tfjs-core';
import { kernel, type Kernel } from '../kernel.js';
import type { Attrs, Inputs } from '../kernel_arguments.js';
import type { Tensors } from '../types.js';

/** What holds for every whole number; the stock one reads their bits as those of float32. */
const ofIntegers = (name: string, holds: boolean): Kernel =>
  kernel<Tensors<'x'>, unknown>({
    name,
    takes: ({ x }) => x.dtype === 'int32' || x.dtype === 'bool',
    run: (machine, { x }) => {
      const output = machine.output(x.shape, 'bool');
      machine.numbers(output).fill(Number(holds));
      return output;
    },
  });

/** Kernels of which the stock ones leave the output unwritten, for inputs of these types. */
const unwritten: readonly (readonly [types: readonly DataType[], names: readonly string[]])[] = [
  [
    ['bool', 'int32'],
    ['Acos', 'Acosh', 'Asin', 'Asinh', 'Atan', 'Atanh', 'Erf', 'Log1p', 'Prelu', 'Reciprocal'],
  ],
  [
    ['bool'],
    [
      ...['Abs', 'Atan2', 'ClipByValue', 'Exp', 'Expm1', 'FloorDiv', 'LeakyRelu', 'Mod', 'Neg'],
      ...['Relu', 'Relu6', 'Round', 'Selu', 'Sign', 'Sinh', 'Softplus', 'Square', 'Step'],
    ],
  ],
];

/** A kernel for inputs of these types by way of float32. */
const throughFloat = (name: string, types: readonly DataType[]): Kernel => ({
  name,
  takes: (inputs) => Object.values(inputs).some(({ dtype }) => types.includes(dtype)),
  run: (machine, inputs: Inputs, attrs: Attrs) => {
    const floats = Object.entries(inputs).map(
      ([key, x]) => [key, machine.call('Cast', { x }, { dtype: 'float32' })] as const,
    );
    const output = machine.call(name, Object.fromEntries(floats), attrs);
    floats.forEach(([, x]) => {
      machine.free(x);
    });
    return output;
  },
});

/** The same for types that the stock backend does not know. */
export const numberKernels: readonly Kernel[] = [
  ofIntegers('IsFinite', true),
  ofIntegers('IsInf', false),
  ofIntegers('IsNan', false),
  ...unwritten.flatMap(([types, names]) => names.map((name) => throughFloat(name, types))),
];
