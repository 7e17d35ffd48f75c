import { util, type TensorInfo } from '@tensorflow/tfjs-core';
import { activationCode } from '../activations.js';
import { kernel, type Kernel } from '../kernel.js';

type Unary = Readonly<Record<'x', TensorInfo>>;

const isFloat = ({ x }: Unary): boolean => x.dtype === 'float32';

/** The codes in assembly/elementwise/functions.ts of kernels that the stock backend has as scalar loops. */
const functions = ['Exp', 'Expm1', 'Log', 'Log1p', 'Sqrt', 'Rsqrt', 'Reciprocal'].map(
  (name, code) =>
    kernel<Unary, unknown>({
      name,
      takes: isFloat,
      run: (machine, { x }) => {
        const output = machine.output(x.shape);
        const n = util.sizeFromShape(x.shape);
        machine.side.apply(code, machine.address(x), machine.address(output), n);
        return output;
      },
    }),
);

/** The slope below 0 that the kernel LeakyRelu is given; the others have none. */
type Slope = Readonly<Partial<Record<'alpha', number>>>;

const activations = ['Tanh', 'Softplus', 'Selu', 'LeakyRelu'].map((name) => {
  const code = activationCode(name.toLowerCase())!;
  return kernel<Unary, Slope>({
    name,
    takes: isFloat,
    run: (machine, { x }, { alpha = 0 }) => {
      const output = machine.output(x.shape);
      const n = util.sizeFromShape(x.shape);
      machine.side.activate(code, machine.address(x), machine.address(output), n, alpha);
      return output;
    },
  });
});

/** Functions of one number. */
export const elementwiseKernels: readonly Kernel[] = [...functions, ...activations];
