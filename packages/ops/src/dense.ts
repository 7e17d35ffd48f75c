import {
  add,
  matMul,
  reshape,
  sum,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { activate, activationGradient } from './activation.js';
import type { Activation } from './activations.js';
import { dispatch, type Operation } from './dispatch.js';
import { OperationError } from './errors.js';

/** The kernel of `dense` with a bias: one output, [B, O]. */
export const denseKernel = 'ElboDense';
/** x [B, I], kernel [I, O], bias [O]. */
export type DenseInputs = Readonly<Record<'x' | 'kernel' | 'bias', TensorInfo>>;
/** The activation of the sum. */
export type DenseAttrs = Readonly<Record<'activation', Activation>>;

const operation: Operation<'x' | 'kernel' | 'bias', DenseAttrs> = {
  kernelName: denseKernel,
  gradient: {
    inputs: ['x', 'kernel', 'bias'],
    output: true,
    rule: (dy, { x, kernel, bias, output }, { activation }) => {
      const linear = (): Tensor => denseWithBias(x, kernel, bias, 'linear');
      const d = activationGradient(dy, linear, output, activation);
      return {
        x: () => matMul(d, kernel, false, true),
        kernel: () => matMul(x, d, true, false),
        bias: () => sum(d, 0),
      };
    },
  },
};

function denseWithBias(x: Tensor, kernel: Tensor, bias: Tensor, activation: Activation): Tensor {
  return dispatch(operation, { x, kernel, bias }, { activation }, () =>
    denseComposed(x, kernel, bias, activation),
  );
}

function denseComposed(
  x: Tensor,
  kernel: Tensor,
  bias: Tensor | undefined,
  activation: Activation,
): Tensor {
  const product: Tensor = matMul(x, kernel);
  const total = bias ? add(product, bias) : product;
  return activation === 'linear' ? total : activate(total, activation);
}

function expectShapes(x: Tensor, kernel: Tensor, bias: Tensor | undefined): void {
  const [inputs, outputs] = kernel.shape;
  const fits = x.rank >= 2 && kernel.rank === 2 && x.shape.at(-1) === inputs;
  if (fits && (!bias || (bias.rank === 1 && bias.size === outputs))) return;
  throw new OperationError(
    `dense: x [${x.shape.join(', ')}], kernel [${kernel.shape.join(', ')}]` +
      `${bias ? `, bias [${bias.shape.join(', ')}]` : ''}; expected x [..., I], kernel [I, O], bias [O].`,
  );
}

/**
 * A fully connected layer, activation(x · kernel + bias), over the last axis of `x`.
 *
 * @param x [..., I], of rank 2 or more.
 * @param kernel [I, O].
 * @param bias [O].
 * @returns [..., O].
 * @throws OperationError when the shapes do not fit.
 */
export function dense(
  x: Tensor,
  kernel: Tensor2D,
  bias?: Tensor1D,
  activation: Activation = 'linear',
): Tensor {
  expectShapes(x, kernel, bias);
  return tidy('dense', () => {
    const rows = x.rank === 2 ? x : reshape(x, [-1, kernel.shape[0]]);
    const y = bias
      ? denseWithBias(rows, kernel, bias, activation)
      : denseComposed(rows, kernel, bias, activation);
    return x.rank === 2 ? y : reshape(y, [...x.shape.slice(0, -1), kernel.shape[1]]);
  });
}
