import {
  expectGiven,
  buildSchedule,
  defineKind,
  nested,
  networkCategory,
  priorCategory,
  scheduleConfig,
  scheduled,
  type Kind,
  type Network,
  type Prior,
  type Schedule,
} from '@elbo/core';
import {
  adversarialZ,
  buildRules,
  compose,
  decoderCategory,
  encoderCategory,
  modelCategory,
  reconstruction,
  rulesEntries,
  rulesOf,
  weight as weighted,
  type Decoder,
  type Encoder,
  type Model,
  type Offering,
  type RulesOptions,
} from '@elbo/objectives';
import * as v from 'valibot';
import { labelledAdversarialZ } from './labelled_adversarial_z.js';

/** The parts of an adversarial autoencoder. */
export interface AaeOptions extends RulesOptions {
  /** Any that can be sampled. */
  readonly prior: Prior;
  /** Deterministic, Gaussian or implicit (Makhzani et al. 2015, §2.1). */
  readonly encoder: Offering<'posterior'>;
  readonly decoder: Decoder;
  /** D(z), or with `classes` D of z beside the label. */
  readonly discriminator: Network;
  /** The number of classes, where D sees labels and the prior draws by them (§2.3): see `labelledAdversarialZ`. */
  readonly classes?: number;
  /** The weight of the game; 1 by default. */
  readonly weight?: number | Schedule;
}

/**
 * An adversarial autoencoder (Makhzani et al. 2015): reconstruction, and a game that draws the aggregate posterior
 * q(z) = E q(z|x) towards the prior. It has no ELBO.
 *
 * @throws CompositionError when the parts do not fit; ConfigError for rules that do not.
 *
 * @example
 * ```ts
 * import { aae, bernoulliDecoder, deterministicEncoder, mlp, standardNormal } from '@elbo/aae';
 *
 * const model = aae({
 *   prior: standardNormal(4),
 *   encoder: deterministicEncoder({ network: mlp({ hidden: [64] }), latent: 4 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   discriminator: mlp({ hidden: [64], output: 1 }),
 * });
 * console.log(model.terms.map(({ role }) => role)); // [ 'reconstruction', 'regulariser' ]
 * ```
 */
export function aae(options: AaeOptions): Model<'posterior'> {
  expectGiven('aae', options, 'prior', 'encoder', 'decoder', 'discriminator');
  const { prior, encoder, decoder, discriminator, classes, weight = 1, ...rules } = options;
  const game =
    classes === undefined
      ? adversarialZ({ ...rules, discriminator })
      : labelledAdversarialZ({ ...rules, discriminator, classes });
  return compose({
    prior,
    encoder: encoder as Encoder<'posterior'>,
    decoder,
    terms: [reconstruction(), weight === 1 ? game : weighted(game, weight)],
    config: {
      kind: 'aae',
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
      discriminator: discriminator.config,
      ...rulesOf(rules, 'aae').config,
      ...(classes !== undefined && { classes }),
      weight: scheduleConfig(weight),
    },
  });
}

/** The kind of `aae`. */
export const aaeKind: Kind<Model> = defineKind(
  'aae',
  modelCategory,
  {
    ...rulesEntries,
    prior: nested,
    encoder: nested,
    decoder: nested,
    discriminator: nested,
    classes: v.exactOptional(v.number()),
    weight: v.optional(scheduled, 1),
  },
  ({ prior, encoder, decoder, discriminator, classes, weight, ...rules }, registry) =>
    aae({
      ...buildRules(rules, registry),
      prior: registry.build(priorCategory, prior),
      encoder: registry.build(encoderCategory, encoder),
      decoder: registry.build(decoderCategory, decoder),
      discriminator: registry.build(networkCategory, discriminator),
      ...(classes !== undefined && { classes }),
      weight: buildSchedule(weight, registry),
    }),
);
