import { expectGiven, ConfigError, type Network } from '@elbo/core';
import type { Activation } from '@elbo/ops';
import { dense } from './dense.js';
import { initialiserFor, type Initialiser } from './initial_kernel.js';
import { onVectors } from './layers.js';
import { expectCounts } from './options.js';

/** A multilayer perceptron. */
export interface MlpOptions {
  /** The units of each hidden layer. */
  readonly hidden: readonly number[];
  /** The units of a linear last layer; without it the last hidden layer is the output. */
  readonly output?: number;
  /** Of the hidden layers. */
  readonly activation?: Activation;
  /** How the kernels of the hidden layers begin; by default as suits the activation. */
  readonly init?: Initialiser;
  /** Whether the linear layer's kernel begins at zero, so that the network does. */
  readonly zeroOutput?: boolean;
}

/**
 * Fully connected layers, `dense_0`, `dense_1`, …: [B, …] to [B, output]. Inputs that are not vectors, such as images,
 * are flattened.
 *
 * @throws ConfigError when a width is no whole number from 1, or there is neither `hidden` nor `output`.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { mlp } from '@elbo/networks';
 * import { key } from '@elbo/random';
 *
 * await selectBackend({ backend: 'cpu' });
 * const network = mlp({ hidden: [300, 300], activation: 'elu' });
 * console.log(network.init(key(7), [28, 28, 1]).output); // [ 300 ]
 * console.log(network.config.kind); // mlp
 * ```
 */
export function mlp(options: MlpOptions): Network {
  expectGiven('mlp', options, 'hidden');
  const {
    hidden,
    output,
    activation = 'relu',
    init = initialiserFor(activation),
    zeroOutput = false,
  } = options;
  hidden.forEach((units, i) => {
    expectCounts('mlp', { [`hidden[${i}]`]: units });
  });
  const layers = hidden.map((units) => dense({ units, activation, init }));
  if (output !== undefined) {
    expectCounts('mlp', { output });
    layers.push(dense({ units: output, init: zeroOutput ? 'zeros' : 'glorot' }));
  }
  if (layers.length === 0)
    throw new ConfigError("mlp: has no layer; give widths in 'hidden', or an 'output'.");
  return {
    config: {
      kind: 'mlp',
      hidden,
      ...(output !== undefined && { output }),
      activation,
      init,
      zeroOutput,
    },
    ...onVectors(layers.map((layer, i) => [`dense_${i}`, layer])),
  };
}
