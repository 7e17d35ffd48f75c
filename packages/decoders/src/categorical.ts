import {
  expectGiven,
  couplingOf,
  categorical,
  defineKind,
  networkCategory,
  type Kind,
} from '@elbo/core';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { decoderEntries } from './options.js';
import { outputOf, type DecoderOptions } from './output.js';

/** What a categorical decoder is made of; the last axis of `shape` is that of the classes. */
export type CategoricalDecoderOptions = DecoderOptions;

/**
 * p(x|z) = Π Categorical(xᵢ; softmax(lᵢ(z))), independent given z: the network makes the logits. For one-hot data
 * `[…, C]`, such as classes, or sequences whose places should depend on one another through z only.
 */
export function categoricalDecoder(options: CategoricalDecoderOptions): Decoder {
  expectGiven('categoricalDecoder', options, 'network', 'shape');
  const { network, shape } = options;
  const output = outputOf(options, 'categoricalDecoder');
  return {
    config: { kind: 'categorical', network: network.config, shape },
    ...couplingOf(network),
    support: { kind: 'classes' },
    init: output.init,
    likelihood: (params, mode, z, condition) =>
      categorical(output.apply(params, mode, z, condition)),
  };
}

/** Builds a categorical decoder from its config. */
export const categoricalKind: Kind<Decoder> = defineKind(
  'categorical',
  decoderCategory,
  decoderEntries,
  ({ network, shape }, registry) =>
    categoricalDecoder({ network: registry.build(networkCategory, network), shape }),
);
