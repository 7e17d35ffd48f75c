import { expectGiven, type Network } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import type { Decoder } from '@elbo/objectives';
import { bernoulliDecoder } from './bernoulli.js';
import { gaussianDecoder } from './gaussian.js';

/** What `decoderFor` chooses by. */
export interface DecoderForOptions extends Omit<DataTraits, 'sequence'> {
  /** Makes what the likelihood's own linear layer reads. */
  readonly network: Network;
}

/** The usual likelihood for data without an order: Bernoulli for values in [0, 1], else a normal with one learned σ. */
export function decoderFor(options: DecoderForOptions): Decoder {
  expectGiven('decoderFor', options, 'network', 'shape', 'unit');
  const { network, shape, unit } = options;
  return unit
    ? bernoulliDecoder({ network, shape })
    : gaussianDecoder({ network, shape, sigma: 'learned' });
}
