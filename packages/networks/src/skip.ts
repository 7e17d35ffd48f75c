import {
  couplingOf,
  disposeTree,
  expectGiven,
  formatShape,
  sameShape,
  ShapeError,
  type Network,
} from '@elbo/core';
import { add } from '@tensorflow/tfjs-core';
import { applyLayers, initLayers, type Layers } from './layers.js';

/**
 * A residual connection: x plus what a network makes of it, [B, …] to the same. Its parameters are the network's, under
 * `branch`.
 *
 * @throws ShapeError from `init` unless the network keeps the shape.
 */
export function skip(network: Network): Network {
  expectGiven('skip', { network }, 'network');
  const branch: Layers = [['branch', network]];
  return {
    config: { kind: 'skip', network: network.config },
    init: (key, input) => {
      const made = initLayers(branch, key, input);
      if (sameShape(made.output, input)) return made;
      disposeTree(made.params);
      throw new ShapeError(
        `skip: its network makes ${formatShape(made.output)} of ${formatShape(input)}, and what is added has to have the same shape.`,
      );
    },
    apply: (params, mode, x) => add(x, applyLayers(branch, params, mode, x)),
    ...couplingOf(network),
  };
}
