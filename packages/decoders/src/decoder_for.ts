import type { Network } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import type { Decoder } from '@elbo/objectives';
import { bernoulliDecoder } from './bernoulli.js';
import { discretisedLogisticDecoder } from './discretised_logistic.js';
import { gaussianDecoder } from './gaussian.js';
import { expectChoice, networkMaking, type NetworkMaking } from './network_making.js';
import { tableDecoder } from './table.js';

/** What `decoderFor` chooses by. */
export interface DecoderForOptions extends Omit<DataTraits, 'sequence'> {
  /** Makes what the likelihood's own linear layer reads, or its numbers themselves. */
  readonly network: NetworkMaking;
}

/**
 * The usual likelihood for data without an order: that of each column of a table; Bernoulli for values in [0, 1]; a discretised
 * logistic for images of bytes, which are 256 values; else a normal with one learned σ.
 */
export function decoderFor(options: DecoderForOptions): Decoder {
  expectChoice('decoderFor', options);
  const { network, shape, unit, columns, levels } = options;
  const making = (numbers = 1): Network => networkMaking(network, shape, numbers);
  if (columns) return tableDecoder({ network: making(), columns });
  if (unit) return bernoulliDecoder({ network: making(), shape });
  // One component: a dense network that makes more of them for each pixel is mostly their weights.
  return levels === 256 && shape.length === 3
    ? discretisedLogisticDecoder({ network: making(3), shape, components: 1 })
    : gaussianDecoder({ network: making(), shape, sigma: 'learned' });
}
