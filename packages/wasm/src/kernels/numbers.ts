// Functions of one number that the stock backend has wrong for some of them.
import { util, type DataType, type TensorInfo } from '@tensorflow/tfjs-core';
import { activationCode } from '../activations.js';
import { kernel, type Attrs, type Inputs, type Kernel } from '../kernel.js';

type X = Readonly<Record<'x', TensorInfo>>;

const isFloat = ({ x }: X): boolean => x.dtype === 'float32';

// The stock one rounds what is small to 0.
const sign = kernel<X, unknown>({
  name: 'Sign',
  takes: isFloat,
  run: (machine, { x }) => {
    const output = machine.output(x.shape);
    machine.side.sign(machine.address(x), machine.address(output), util.sizeFromShape(x.shape));
    return output;
  },
});

// The stock one makes 0 of NaN.
const relu6 = kernel<X, unknown>({
  name: 'Relu6',
  takes: isFloat,
  run: (machine, { x }) => {
    const output = machine.output(x.shape);
    const [from, to] = [machine.address(x), machine.address(output)];
    machine.side.activate(activationCode('relu6')!, from, to, util.sizeFromShape(x.shape), 0);
    return output;
  },
});

/** What holds for every whole number; the stock one reads their bits as those of float32. */
const ofIntegers = (name: string, holds: boolean): Kernel =>
  kernel<X, unknown>({
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

/** Functions of one number, and a few of two. */
export const numberKernels: readonly Kernel[] = [
  sign,
  relu6,
  ofIntegers('IsFinite', true),
  ofIntegers('IsInf', false),
  ofIntegers('IsNan', false),
  ...unwritten.flatMap(([types, names]) => names.map((name) => throughFloat(name, types))),
];
