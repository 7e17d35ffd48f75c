import { clone, engine, mul, tidy, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core';
import { activations, type Activation } from './activations.js';
import { dispatch } from './dispatch.js';

/**
 * An activation, of each element:
 *
 * - `linear` x; `relu` max(x, 0); `leakyRelu` x, or 0.2 x where x < 0; `elu` x, or eˣ − 1 where x < 0 (Clevert et al.
 *   2016); `selu` (Klambauer et al. 2017, eq. 2);
 * - `gelu` in its tanh form, x·s(√(8/π)(x + 0.044715 x³)) (Hendrycks & Gimpel 2016, §2); `silu` x·s(x);
 * - `tanh`; `sigmoid` s(x) = 1 / (1 + e⁻ˣ); `softplus` log(1 + eˣ).
 */
export function activate<T extends Tensor>(x: T, activation: Activation): T {
  return activation === 'linear'
    ? clone(x)
    : tidy(activation, () => activations[activation].apply(x) as T);
}

/** The kernel of an activation's backward pass: `dy` times the derivative that `output` implies, fresh. */
export const activationGradientKernel = 'ElboActivationGradient';
/** Two tensors of one shape. */
export type ActivationGradientInputs = Readonly<Record<'dy' | 'output', TensorInfo>>;
/** Never `linear`, `gelu` or `silu`: their derivative is 1, or does not follow from the output. */
export type ActivationGradientAttrs = Readonly<Record<'activation', Activation>>;

/** The gradient before an activation, from the gradient after it. `input` is called only where it is needed. */
export function activationGradient(
  dy: Tensor,
  input: () => Tensor,
  output: Tensor,
  activation: Activation,
): Tensor {
  if (activation === 'linear') return dy;
  const { slope, slopeFromOutput } = activations[activation];
  // A saved output has no history, so a second gradient must go through the input.
  return slopeFromOutput && !engine().isTapeOn()
    ? dispatch({ kernelName: activationGradientKernel }, { dy, output }, { activation }, () =>
        mul(dy, slopeFromOutput(output)),
      )
    : mul(dy, slope(input()));
}
