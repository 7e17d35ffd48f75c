import { expectGiven, type Network } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import type { Decoder } from '@elbo/objectives';
import { bernoulliDecoder } from './bernoulli.js';
import { gaussianDecoder } from './gaussian.js';
import { tableDecoder } from './table.js';

/** What `decoderFor` chooses by. */
export interface DecoderForOptions extends Omit<DataTraits, 'sequence'> {
  /** Makes what the likelihood's own linear layer reads. */
  readonly network: Network;
}

/** The usual likelihood for data without an order: that of each column of a table; Bernoulli for values in [0, 1]; else a normal with one learned σ. */
export function decoderFor(options: DecoderForOptions): Decoder {
  expectGiven('decoderFor', options, 'network', 'shape', 'unit');
  const { network, shape, unit, columns } = options;
  if (columns) return tableDecoder({ network, columns });
  return unit
    ? bernoulliDecoder({ network, shape })
    : gaussianDecoder({ network, shape, sigma: 'learned' });
}
