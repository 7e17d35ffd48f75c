import { expectGiven, couplingOf, defineKind, nested, ShapeError, type Kind } from '@elbo/core';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { slice } from '@tensorflow/tfjs-core';
import * as v from 'valibot';

/** Which coordinates of z a decoder sees. */
export interface SliceDecoderOptions {
  readonly decoder: Decoder;
  /** The first of them. */
  readonly begin: number;
  /** How many. */
  readonly size: number;
}

/** A decoder that sees some neighbouring coordinates of z only: p(x|s) of z = [y, s]. */
export function sliceDecoder(options: SliceDecoderOptions): Decoder {
  expectGiven('sliceDecoder', options, 'decoder', 'begin', 'size');
  const { decoder, begin, size } = options;
  return {
    config: { kind: 'slice', decoder: decoder.config, begin, size },
    ...couplingOf(decoder),
    ...(decoder.support && { support: decoder.support }),
    init: (key, latent, x, condition) => {
      if (!(begin >= 0 && size >= 1 && begin + size <= latent))
        throw new ShapeError(
          `sliceDecoder: z has ${latent} dimensions, so there are no ${size} from number ${begin} on.`,
        );
      return decoder.init(key, size, x, condition);
    },
    likelihood: (params, mode, z, condition) =>
      decoder.likelihood(params, mode, slice(z, [0, begin], [-1, size]), condition),
  };
}

/** Builds a slice decoder from its config. */
export const sliceKind: Kind<Decoder> = defineKind(
  'slice',
  decoderCategory,
  {
    decoder: nested,
    begin: v.pipe(v.number(), v.safeInteger()),
    size: v.pipe(v.number(), v.safeInteger()),
  },
  ({ decoder, ...options }, registry) =>
    sliceDecoder({ decoder: registry.build(decoderCategory, decoder), ...options }),
);
