import {
  activate,
  activationGradientKernel,
  denseKernel,
  squaredNormKernel,
  type ActivationGradientAttrs,
  type DenseAttrs,
} from '@elbo/ops';
import * as tf from '@tensorflow/tfjs-core';
import { adam } from './adam.js';
import { nativeOf, type Native } from './native.js';

const backendName = 'tensorflow';

/** Σ x² of all: TensorFlow has half of it for one tensor, in one pass. */
const squaredNorm: tf.KernelConfig = {
  kernelName: squaredNormKernel,
  backendName,
  kernelFunc: ({ inputs, backend }) => {
    const native = nativeOf(backend);
    const ids = Object.values(inputs).map((tensor) => native.idOf(tensor!));
    const two = native.scalar(2);
    const [norm] = native.sequence(squaredNormKernel, [...ids, two], () => {
      const halves = ids.map((id) => native.run('L2Loss', 'T', [id]));
      const half = native.run('AddN', 'T', halves, { N: ['INT', halves.length] });
      const norm = native.run('Mul', 'T', [half, two]);
      native.free(...halves, half);
      return [norm];
    });
    native.free(two);
    return native.toTensor(norm!, []);
  },
};

/** Its gradients, by the rule of @elbo/ops, then take the activation's from its output. */
const dense: tf.KernelConfig = {
  kernelName: denseKernel,
  backendName,
  kernelFunc: ({ inputs, attrs, backend }) => {
    const native = nativeOf(backend);
    const { x, kernel, bias } = inputs as Record<'x' | 'kernel' | 'bias', tf.TensorInfo>;
    const { activation } = attrs as unknown as DenseAttrs;
    // Not `MatMul`, which was seen to write beyond its memory (TensorFlow 2.21).
    const [a, b, c] = [x, kernel, bias].map(native.idOf);
    const [sum] = native.sequence(denseKernel, [a!, b!, c!], () => {
      const product = native.run('BatchMatMulV2', 'T', [a!, b!]);
      const sum = native.run('BiasAdd', 'T', [product, c!]);
      native.free(product);
      return [sum];
    });
    const total = native.toTensor(sum!, [x.shape[0]!, kernel.shape[1]!]) as tf.Tensor;
    if (activation === 'linear') return total;
    const active = activate(total, activation);
    total.dispose();
    return active;
  },
};

type Slope = (native: Native, dy: number, y: number) => number;

/** A gradient of TensorFlow's, from the gradient after the activation and its output. */
const named =
  (operation: string, attrs = {}): Slope =>
  (native, dy, y) =>
    native.run(operation, 'T', [dy, y], attrs);

/** One that takes them the other way round. */
const turned =
  (operation: string): Slope =>
  (native, dy, y) =>
    native.run(operation, 'T', [y, dy]);

const slopes: Partial<Readonly<Record<ActivationGradientAttrs['activation'], Slope>>> = {
  relu: named('ReluGrad'),
  leakyRelu: named('LeakyReluGrad', { alpha: ['FLOAT', 0.2] }),
  elu: named('EluGrad'),
  selu: named('SeluGrad'),
  tanh: turned('TanhGrad'),
  sigmoid: turned('SigmoidGrad'),
  // 1 − e⁻ʸ of the output.
  softplus: (native, dy, y) => {
    const [gradient] = native.sequence('softplus', [dy, y], () => {
      const negative = native.run('Neg', 'T', [y]);
      const slope = native.run('Expm1', 'T', [negative]);
      const product = native.run('Mul', 'T', [dy, slope]);
      const gradient = native.run('Neg', 'T', [product]);
      native.free(negative, slope, product);
      return [gradient];
    });
    return gradient!;
  },
};

const activationGradient: tf.KernelConfig = {
  kernelName: activationGradientKernel,
  backendName,
  kernelFunc: ({ inputs, attrs, backend }) => {
    const native = nativeOf(backend);
    const { dy, output } = inputs as Record<'dy' | 'output', tf.TensorInfo>;
    const { activation } = attrs as unknown as ActivationGradientAttrs;
    const slope = slopes[activation]!(native, native.idOf(dy), native.idOf(output));
    return native.toTensor(slope, dy.shape);
  },
};

/** Gives TensorFlow's backend kernels for operations of @elbo/ops that it computes in one launch, or in one pass. */
export function registerFused(): void {
  for (const kernel of [adam, squaredNorm, dense, activationGradient])
    if ((tf.getKernel(kernel.kernelName, backendName) as unknown) === undefined)
      tf.registerKernel(kernel);
}
