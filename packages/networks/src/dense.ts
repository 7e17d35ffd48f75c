import { expectGiven, formatShape, ShapeError, tensorAt, type Network } from '@elbo/core';
import { dense as denseOp, type Activation } from '@elbo/ops';
import { fold } from '@elbo/random';
import { zeros } from '@tensorflow/tfjs-core';
import { initialiserFor, initialKernel, type Initialiser } from './initial_kernel.js';
import { expectCounts } from './options.js';

/** A fully connected layer. */
export interface DenseOptions {
  readonly units: number;
  readonly activation?: Activation;
  /** How the kernel begins; by default as suits the activation. The bias begins at zero. */
  readonly init?: Initialiser;
}

/**
 * activation(x · kernel + bias): [B, I] to [B, units], with parameters `kernel` [I, units] and `bias` [units].
 *
 * @throws ConfigError when `units` is no whole number from 1; `init` throws ShapeError for inputs that are not vectors.
 */
export function dense(options: DenseOptions): Network {
  expectGiven('dense', options, 'units');
  const { units, activation = 'linear', init = initialiserFor(activation) } = options;
  expectCounts('dense', { units });
  return {
    config: { kind: 'dense', units, activation, init },
    init: (key, input) => {
      const [inputs] = input;
      if (inputs === undefined || input.length !== 1)
        throw new ShapeError(
          `dense: takes vectors, [n], and not ${formatShape(input)}; put flatten() before it.`,
        );
      const fan = { inputs, outputs: units };
      const kernel = initialKernel(fold(key, 'kernel'), [inputs, units], fan, init);
      return { params: { kernel, bias: zeros([units]) }, output: [units] };
    },
    apply: (params, _mode, x) =>
      denseOp(x, tensorAt(params, 'kernel'), tensorAt(params, 'bias'), activation),
  };
}
