import type { Prior } from '@elbo/core';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { expectTypeOf } from 'vitest';
import {
  compose,
  freeBits,
  kl,
  marginalElbo,
  reconstruction,
  weight,
  type Decoder,
  type Encoder,
  type LearnedPrior,
  type Model,
  type ModelParams,
  type Offering,
  type Term,
} from '../src/index.js';

declare const prior: Prior;
declare const decoder: Decoder;
declare const explicit: Encoder<'posterior' | 'logProb'>;
declare const implicit: Encoder<'posterior' | 'moments'>;
declare const sampled: Encoder<'posterior'>;
declare const structured: Encoder<'posterior' | 'logProb' | 'classes'>;
declare const onPrior: Term<never>;

// A model can do what its encoder offers, whichever terms it has.
const elbo = [reconstruction(), kl()] as const;
const model = compose({ prior, encoder: explicit, decoder, terms: elbo });
expectTypeOf(model).toEqualTypeOf<Model<'posterior' | 'logProb'>>();
expectTypeOf(
  compose({ prior, encoder: sampled, decoder, terms: [reconstruction()] }),
).toEqualTypeOf<Model<'posterior'>>();
expectTypeOf(
  compose({ prior, encoder: structured, decoder, terms: [marginalElbo()] }),
).toEqualTypeOf<Model<'posterior' | 'logProb' | 'classes'>>();
// Without an encoder it can do nothing with x.
expectTypeOf(compose({ prior, decoder, terms: [onPrior] })).toEqualTypeOf<Model<never>>();
// Any model will do for a function that asks for no ability.
expectTypeOf(model).toExtend<Model>();

// @ts-expect-error kl needs a density, and an implicit posterior has none
compose({ prior, encoder: implicit, decoder, terms: [reconstruction(), kl()] });
// @ts-expect-error free bits need one too
compose({ prior, encoder: sampled, decoder, terms: [reconstruction(), freeBits({ nats: 1 })] });
// @ts-expect-error a weight does not take a need away
compose({ prior, encoder: sampled, decoder, terms: [reconstruction(), weight(kl(), 2)] });
// @ts-expect-error the posterior has no classes
compose({ prior, encoder: explicit, decoder, terms: [marginalElbo()] });
// @ts-expect-error a reconstruction needs a posterior, and there is no encoder
compose({ prior, decoder, terms: [reconstruction()] });
// @ts-expect-error no prior
compose({ encoder: explicit, decoder, terms: [reconstruction(), kl()] });
// @ts-expect-error no decoder
compose({ prior, encoder: explicit, terms: [reconstruction(), kl()] });
// @ts-expect-error no terms
compose({ prior, encoder: explicit, decoder });
// @ts-expect-error an unknown part
compose({ prior, encoder: explicit, decoder, terms: [...elbo], critic: decoder });
// @ts-expect-error a decoder is no encoder
compose({ prior, encoder: decoder, decoder, terms: [reconstruction()] });
// @ts-expect-error a term is made by its function
compose({ prior, encoder: explicit, decoder, terms: [reconstruction] });

// An encoder that offers more will do where less is asked for, and not the other way round.
expectTypeOf(structured).toExtend<Offering<'posterior' | 'logProb'>>();
expectTypeOf(sampled).not.toExtend<Offering<'posterior' | 'logProb'>>();
// A learned prior is a prior.
expectTypeOf<LearnedPrior>().toExtend<Prior>();

// What a model does, and what it takes: all parameters, or those of the primal player.
declare const params: ModelParams;
declare const batch: Parameters<typeof model.elbo>[1];
declare const key: Parameters<typeof model.init>[0];
expectTypeOf(model.init(key, [28, 28, 1])).toEqualTypeOf<ModelParams>();
expectTypeOf(model.elbo(params, batch, key)).toEqualTypeOf<Tensor1D>();
expectTypeOf(model.encode(params.primal, batch, key)).toEqualTypeOf<Tensor2D>();
// @ts-expect-error the bound is of both players
model.elbo(params.primal, batch, key);
// @ts-expect-error a sample is of the primal player
model.sample(params, key, 4);
// @ts-expect-error noise is a key's
model.encode(params.primal, batch, 7);
// @ts-expect-error data come as a batch
model.encode(params.primal, batch.x, key);
