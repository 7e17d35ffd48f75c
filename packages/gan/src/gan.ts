import { expectGiven, defineKind, nested, priorCategory, type Kind, type Prior } from '@elbo/core';
import {
  adversarialX,
  buildDataCritic,
  buildRules,
  compose,
  dataCritic,
  dataCriticEntries,
  decoderCategory,
  modelCategory,
  rulesEntries,
  rulesOf,
  type DataCriticOptions,
  type Decoder,
  type Model,
  type RulesOptions,
} from '@elbo/objectives';

/** The parts of a GAN, and the rules of its game. */
export type GanOptions = RulesOptions &
  DataCriticOptions & {
    readonly prior: Prior;
    /** The generator G: its samples are the means of p(x|z). */
    readonly decoder: Decoder;
  };

/**
 * A generative adversarial network (Goodfellow et al. 2014): no encoder and no likelihood, a generator G(z) whose
 * samples a discriminator D tells from data. With another `game` and `penalties` a hinge, least-squares or Wasserstein
 * GAN; with `conditional` one of pairs (x, c) (Mirza & Osindero 2014).
 *
 * @throws ConfigError for rules that do not fit.
 *
 * @example
 * ```ts
 * import { bernoulliDecoder, denseDiscriminator, gan, mlp, r1, standardNormal } from '@elbo/gan';
 *
 * const model = gan({
 *   prior: standardNormal(16),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   discriminator: denseDiscriminator({ hidden: [64] }),
 *   penalties: [r1()],
 * });
 * console.log(model.encoder, model.terms.map(({ name }) => name)); // undefined [ 'adversarial-x' ]
 * ```
 */
export function gan(options: GanOptions): Model<never> {
  expectGiven('gan', options, 'prior', 'decoder', 'discriminator');
  const { prior, decoder } = options;
  return compose({
    prior,
    decoder,
    terms: [adversarialX({ ...options, against: 'samples' })],
    config: {
      kind: 'gan',
      prior: prior.config,
      decoder: decoder.config,
      ...dataCritic(options, 'gan').config,
      ...rulesOf(options, 'gan').config,
    },
  });
}

/** The kind of `gan`. */
export const ganKind: Kind<Model> = defineKind(
  'gan',
  modelCategory,
  { prior: nested, decoder: nested, ...dataCriticEntries, ...rulesEntries },
  ({ prior, decoder, ...match }, registry) =>
    gan({
      prior: registry.build(priorCategory, prior),
      decoder: registry.build(decoderCategory, decoder),
      ...buildDataCritic(match, registry),
      ...buildRules(match, registry),
    }),
);
