import {
  CompositionError,
  defineKind,
  nested,
  priorCategory,
  type Kind,
  type Prior,
} from '@elbo/core';
import { isLearned } from '../priors/learned_prior.js';
import { assembled } from './compose.js';
import { decoderCategory, type Decoder } from './encoder_decoder.js';
import { modelCategory, type Model } from './model.js';
import { standardised } from './standardised.js';

/** What makes x: z of the prior, and x of z. */
export interface GeneratorOptions {
  readonly prior: Prior;
  readonly decoder: Decoder;
}

/**
 * The part of a model that makes data: it samples, decodes and traverses. It has no encoder and no terms, so there is
 * nothing to train.
 *
 * @throws CompositionError for a prior that is made of an encoder's posteriors.
 */
export function generator({ prior, decoder }: GeneratorOptions): Model {
  if (isLearned(prior) && prior.needs.length > 0)
    throw new CompositionError(
      `The prior '${prior.config.kind}' is made of the encoder's posteriors, so its decoder cannot sample without the encoder: use the whole model.`,
    );
  return assembled({
    prior,
    decoder,
    terms: [],
    config: { kind: 'generator', prior: prior.config, decoder: decoder.config },
  });
}

/** The generator of a model: its samples are the model's, to the bit. */
export function generatorOf({ prior, decoder, standard }: Model): Model {
  return standard
    ? standardised(generatorOf(standard.model), standard.moments)
    : generator({ prior, decoder });
}

/** The kind of `generator`. */
export const generatorKind: Kind<Model> = defineKind(
  'generator',
  modelCategory,
  { prior: nested, decoder: nested },
  (options, registry) =>
    generator({
      prior: registry.build(priorCategory, options.prior),
      decoder: registry.build(decoderCategory, options.decoder),
    }),
);
