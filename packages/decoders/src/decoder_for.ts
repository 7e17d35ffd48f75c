import type { Network, Shape } from '@elbo/core';
import type { Decoder } from '@elbo/objectives';
import { bernoulliDecoder } from './bernoulli.js';
import { gaussianDecoder } from './gaussian.js';

/** What is known of data when a model for them is chosen. */
export interface DataForm {
  readonly shape: Shape;
  /** Whether the data are in [0, 1], read as bits or their probabilities. */
  readonly unit: boolean;
  /** Whether they are sequences of one-hot symbols, `[T, C]`, that end with the first symbol. */
  readonly sequence?: boolean;
}

/** What `decoderFor` chooses by. */
export interface DecoderForOptions extends Omit<DataForm, 'sequence'> {
  /** Makes what the likelihood's own linear layer reads. */
  readonly network: Network;
}

/** The usual likelihood for data without an order: Bernoulli for values in [0, 1], else a normal with one learned σ. */
export function decoderFor({ network, shape, unit }: DecoderForOptions): Decoder {
  return unit
    ? bernoulliDecoder({ network, shape })
    : gaussianDecoder({ network, shape, sigma: 'learned' });
}
