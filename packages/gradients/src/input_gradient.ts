import { Tensor } from '@tensorflow/tfjs-core';
import { backpropagate } from './backward.js';
import { GradientError } from './errors.js';
import { taped } from './tape.js';

/**
 * The gradient of the sum of `f(x)` with respect to `x`, of the shape of `x`. For a function that
 * treats the rows of a batch apart, this is each row's own gradient, [B, ...].
 *
 * Inside a closure of `gradientsOf` the result is itself differentiable: this is how gradient
 * penalties are written. Only what `f` computes from its argument counts; tensors computed from `x`
 * before the call are constants.
 *
 * @throws GradientError when `f` does not depend on its argument or does not return a float32 tensor.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { inputGradient } from '@elbo/gradients';
 * import { square, tensor1d } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * console.log(String(inputGradient((x) => square(x), tensor1d([3, -1])))); // Tensor [6, -2]
 * ```
 */
export function inputGradient(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  return taped(
    () => f(x),
    (y: Tensor | undefined, nodes) => {
      if (!(y instanceof Tensor) || y.dtype !== 'float32') {
        throw new GradientError(
          'inputGradient: the function must return a float32 tensor, and not a promise.',
        );
      }
      const [gradient] = backpropagate(nodes, y, [x]);
      if (gradient === undefined) {
        throw new GradientError(
          'inputGradient: the result does not depend on the input; compute it inside the function, from its argument.',
        );
      }
      return gradient;
    },
  );
}
