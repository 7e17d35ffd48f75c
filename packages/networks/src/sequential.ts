import { ConfigError, couplingOf, expectParts, type Network } from '@elbo/core';
import { applyLayers, initLayers, type Layers } from './layers.js';

/**
 * Networks one after the other. Each one's parameters are named by its kind and place: `conv_0`, `conv_transpose_3`;
 * those without parameters have none.
 *
 * @throws ConfigError when there is no network.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { activation, conv, dense, flatten, sequential } from '@elbo/networks';
 * import { key } from '@elbo/random';
 *
 * await selectBackend({ backend: 'cpu' });
 * const network = sequential([
 *   conv({ filters: 8, kernel: 3, stride: 2 }),
 *   activation('relu'),
 *   flatten(),
 *   dense({ units: 10 }),
 * ]);
 * console.log(network.init(key(7), [28, 28, 1]).output); // [ 10 ]
 * ```
 */
export function sequential(networks: readonly Network[]): Network {
  const given: unknown = networks;
  if (!Array.isArray(given) || given.length === 0)
    throw new ConfigError('sequential: has no network; give a list of at least one.');
  expectParts('sequential', 'a layer', networks, 'apply');
  const layers: Layers = networks.map((network, i) => [
    `${network.config.kind.replaceAll('-', '_')}_${i}`,
    network,
  ]);
  return {
    config: { kind: 'sequential', layers: networks.map(({ config }) => config) },
    init: (key, input) => initLayers(layers, key, input),
    apply: (params, mode, x) => applyLayers(layers, params, mode, x),
    ...couplingOf(...networks),
  };
}
