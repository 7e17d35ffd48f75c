import {
  expectGiven,
  boundedLogScale,
  couplingOf,
  defineKind,
  discretisedLogistic,
  networkCategory,
  type Kind,
} from '@elbo/core';
import { expectCounts } from '@elbo/networks';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { split, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { decoderEntries } from './options.js';
import { outputOf, type DecoderOptions } from './output.js';

/** What a decoder of discretised logistic mixtures is made of. */
export interface DiscretisedLogisticDecoderOptions extends DecoderOptions {
  /** K, the components of each element's mixture; 5 by default. */
  readonly components?: number;
}

/**
 * p(x|z) for values 0, 1/255, …, 1, as grey and coloured images have: an independent mixture of K discretised logistic
 * distributions for each pixel and channel (Salimans et al. 2017, "PixelCNN++", section 2.1, without autoregression).
 * It is a probability of the 256 values, so that its log-likelihoods compare, and need no binarisation.
 *
 * A network that makes images itself makes 3K channels for each of the data's.
 *
 * @throws ConfigError when `components` is no whole number from 1.
 */
export function discretisedLogisticDecoder(options: DiscretisedLogisticDecoderOptions): Decoder {
  expectGiven('discretisedLogisticDecoder', options, 'network', 'shape');
  const { network, shape, components = 5 } = options;
  const where = 'discretisedLogisticDecoder';
  expectCounts(where, { components });
  const output = outputOf(options, where, 3 * components);
  return {
    config: { kind: 'discretised-logistic', network: network.config, shape, components },
    ...couplingOf(network),
    support: { kind: 'interval', least: 0, most: 1 },
    init: output.init,
    likelihood: (params, mode, z, condition) => {
      const all = output.apply(params, mode, z, condition);
      const [logits, locations, logScales] = split(all, 3, -1) as [Tensor, Tensor, Tensor];
      return discretisedLogistic(logits, locations, boundedLogScale(logScales));
    },
  };
}

/** Builds a decoder of discretised logistic mixtures from its config. */
export const discretisedLogisticKind: Kind<Decoder> = defineKind(
  'discretised-logistic',
  decoderCategory,
  { ...decoderEntries, components: v.exactOptional(v.number()) },
  ({ network, ...options }, registry) =>
    discretisedLogisticDecoder({
      ...options,
      network: registry.build(networkCategory, network),
    }),
);
