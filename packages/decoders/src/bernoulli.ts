import {
  expectGiven,
  couplingOf,
  bernoulli,
  defineKind,
  networkCategory,
  type Kind,
} from '@elbo/core';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { decoderEntries } from './options.js';
import { outputOf, type DecoderOptions } from './output.js';

/** What a Bernoulli decoder is made of. */
export type BernoulliDecoderOptions = DecoderOptions;

/**
 * p(x|z) = Π Bernoulli(xᵢ; σ(lᵢ(z))): the network makes the logits. For binary data; of grey values in (0, 1) its
 * `logProb` is minus the cross-entropy, which is no log density.
 *
 * Kingma & Welling 2013, appendix C.1.
 *
 * @example
 * ```ts
 * import { bernoulliDecoder } from '@elbo/decoders';
 * import { mlp } from '@elbo/networks';
 *
 * const decoder = bernoulliDecoder({ network: mlp({ hidden: [300] }), shape: [28, 28, 1] });
 * console.log(decoder.support); // { kind: 'interval', least: 0, most: 1 }
 * ```
 */
export function bernoulliDecoder(options: BernoulliDecoderOptions): Decoder {
  expectGiven('bernoulliDecoder', options, 'network', 'shape');
  const { network, shape } = options;
  const output = outputOf(options, 'bernoulliDecoder');
  return {
    config: { kind: 'bernoulli', network: network.config, shape },
    ...couplingOf(network),
    support: { kind: 'interval', least: 0, most: 1 },
    init: output.init,
    likelihood: (params, mode, z, condition) => bernoulli(output.apply(params, mode, z, condition)),
  };
}

/** Builds a Bernoulli decoder from its config. */
export const bernoulliKind: Kind<Decoder> = defineKind(
  'bernoulli',
  decoderCategory,
  decoderEntries,
  ({ network, shape }, registry) =>
    bernoulliDecoder({ network: registry.build(networkCategory, network), shape }),
);
