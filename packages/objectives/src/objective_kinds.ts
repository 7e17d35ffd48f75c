import { defineKind, nested, priorCategory, type Kind } from '@elbo/core';
import * as v from 'valibot';
import { gameKinds } from './games/games.js';
import { penaltyKinds } from './games/penalties.js';
import { compose } from './model/compose.js';
import { decoderCategory, encoderCategory, type Encoder } from './model/encoder_decoder.js';
import { generatorKind } from './model/generator.js';
import { modelCategory } from './model/model.js';
import { standardisedKind } from './model/standardised.js';
import type { Ability } from './pass/posterior.js';
import { classPriorKind } from './priors/class_prior.js';
import { learnedGaussianMixtureKind } from './priors/learned_gaussian_mixture.js';
import { vampPriorKind } from './priors/vamp_prior.js';
import { adversarialXKind } from './terms/adversarial_x.js';
import { adversarialZKind } from './terms/adversarial_z.js';
import { freeBitsKind } from './terms/free_bits.js';
import { klKind } from './terms/kl.js';
import { klPartKind } from './terms/kl_part.js';
import { marginalElboKind } from './terms/marginal_elbo.js';
import { reconstructionKind } from './terms/reconstruction.js';
import { termCategory } from './terms/term.js';
import { weightKind } from './terms/weight.js';

/** A model written out as its parts; `compose` checks them. */
const composedKind: Kind = defineKind(
  'composed',
  modelCategory,
  { prior: nested, encoder: v.optional(nested), decoder: nested, terms: v.array(nested) },
  (options, registry) =>
    compose({
      prior: registry.build(priorCategory, options.prior),
      // What it offers is checked by `compose` against what the terms need.
      ...(options.encoder && {
        encoder: registry.build(encoderCategory, options.encoder) as Encoder<Ability>,
      }),
      decoder: registry.build(decoderCategory, options.decoder),
      terms: options.terms.map((config) => registry.build(termCategory, config)),
    }),
);

/** The kinds of this package: shared terms, games, learned priors and composed models. */
export const objectiveKinds: readonly Kind[] = [
  composedKind,
  generatorKind,
  standardisedKind,
  reconstructionKind,
  klKind,
  klPartKind,
  freeBitsKind,
  marginalElboKind,
  weightKind,
  adversarialZKind,
  adversarialXKind,
  ...gameKinds,
  ...penaltyKinds,
  classPriorKind,
  learnedGaussianMixtureKind,
  vampPriorKind,
];
