import { ConfigError, couplingOf, expectParts, type Network } from '@elbo/core';
import { applyLayers, initLayers, type Layers } from './layers.js';

/**
 * Networks one after the other. Each one's parameters are named by its kind and place: `conv_0`, `conv_transpose_3`;
 * those without parameters have none.
 *
 * @throws ConfigError when there is no network.
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
