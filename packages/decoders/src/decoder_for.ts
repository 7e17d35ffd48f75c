import type { Network, Shape } from '@elbo/core';
import type { Decoder } from '@elbo/objectives';
import { bernoulliDecoder } from './bernoulli.js';
import { gaussianDecoder } from './gaussian.js';

/** What `decoderFor` chooses by. */
export interface DecoderForOptions {
  /** Makes what the likelihood's own linear layer reads. */
  readonly network: Network;
  /** The shape of the data. */
  readonly shape: Shape;
  /** Whether the data are in [0, 1], read as bits or their probabilities. */
  readonly unit: boolean;
}

/** The usual likelihood for data: Bernoulli for values in [0, 1], else a normal with one learned σ. */
export function decoderFor({ network, shape, unit }: DecoderForOptions): Decoder {
  return unit
    ? bernoulliDecoder({ network, shape })
    : gaussianDecoder({ network, shape, sigma: 'learned' });
}
