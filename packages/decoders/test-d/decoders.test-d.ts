import { mlp } from '@elbo/networks';
import type { Decoder, Encoder } from '@elbo/objectives';
import { expectTypeOf } from 'vitest';
import {
  bernoulliDecoder,
  categoricalDecoder,
  decoderFor,
  gaussianDecoder,
  likelihoodDecoder,
  sequenceDecoder,
  sliceDecoder,
} from '../src/index.js';

const network = mlp({ hidden: [64] });
const image = { network, shape: [28, 28, 1] };

expectTypeOf(bernoulliDecoder(image)).toEqualTypeOf<Decoder>();
expectTypeOf(gaussianDecoder({ ...image, sigma: 'learned' })).toEqualTypeOf<Decoder>();
expectTypeOf(gaussianDecoder({ ...image, sigma: 0.5 })).toEqualTypeOf<Decoder>();
expectTypeOf(decoderFor({ ...image, unit: true })).toEqualTypeOf<Decoder>();
expectTypeOf(
  sliceDecoder({ decoder: bernoulliDecoder(image), begin: 0, size: 2 }),
).toEqualTypeOf<Decoder>();
// A decoder is no encoder.
expectTypeOf<Decoder>().not.toExtend<Encoder<never>>();

// @ts-expect-error the shape of the data is not given
bernoulliDecoder({ network });
// @ts-expect-error a network is a value, not its sizes
bernoulliDecoder({ network: [64], shape: [4] });
// @ts-expect-error a shape is a list
categoricalDecoder({ network, shape: 4 });
// @ts-expect-error there is no such scale
gaussianDecoder({ ...image, sigma: 'fixed' });
// @ts-expect-error an option that it does not have
bernoulliDecoder({ ...image, logits: true });
// @ts-expect-error sequences have a number of units
sequenceDecoder({ shape: [8, 4] });
// @ts-expect-error a log-likelihood is of a z
likelihoodDecoder({ name: 'mine', logLikelihood: 'normal' });
// @ts-expect-error where the data are is said
decoderFor(image);
