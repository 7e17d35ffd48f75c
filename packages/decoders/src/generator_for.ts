import type { Decoder } from '@elbo/objectives';
import { bernoulliDecoder } from './bernoulli.js';
import type { DecoderForOptions } from './decoder_for.js';
import { gaussianDecoder } from './gaussian.js';
import { expectChoice, networkMaking } from './network_making.js';
import { tableDecoder } from './table.js';

/**
 * The usual generator for data: a decoder of whose p(x|z) nothing but the means is read, in (0, 1) for values in [0, 1].
 * It learns no σ, which no game would reach.
 */
export function generatorFor(options: DecoderForOptions): Decoder {
  expectChoice('generatorFor', options);
  const { shape, unit, columns } = options;
  const network = networkMaking(options.network, shape);
  if (columns) return tableDecoder({ network, columns });
  return unit
    ? bernoulliDecoder({ network, shape })
    : gaussianDecoder({ network, shape, sigma: 1 });
}
