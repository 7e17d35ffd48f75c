import {
  expectGiven,
  buildSchedule,
  defineKind,
  namedSlice,
  nested,
  networkCategory,
  priorCategory,
  scheduleConfig,
  scheduled,
  type Kind,
  type Network,
  type Prior,
  type Schedule,
  exactly,
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
  weight,
  type Decoder,
  type Model,
  type Encoder,
  type Offering,
  type RulesOptions,
  type Term,
} from '@elbo/objectives';
import * as v from 'valibot';
import { classification } from './classification.js';
import { consistency } from './consistency.js';

/** The weights of a semi-supervised adversarial autoencoder's terms, beside a reconstruction in nats. */
export interface SemiSupervisedWeights {
  /** Of the game on the class; 10 by default. */
  readonly y?: number | Schedule;
  /** Of the game on the style; 10 by default. */
  readonly style?: number | Schedule;
  /** Of the cross-entropy of labelled rows; 20 by default. 0 leaves it out: clustering (§5). */
  readonly classification?: number | Schedule;
  /** Of `consistency`, for an encoder whose network has noise; 0 by default, which leaves it out. */
  readonly consistency?: number | Schedule;
}

/** The parts of a semi-supervised adversarial autoencoder. */
export interface SemiSupervisedAaeOptions extends RulesOptions {
  /** With the parts `y`, one-hot, and `style`: `productPrior({ y: oneHotPrior(…), style: … })`. */
  readonly prior: Prior;
  /** Of the same parts: `structuredEncoder({ parts: { y: { kind: 'softmax', … }, style: … } })`. */
  readonly encoder: Offering<'posterior'>;
  readonly decoder: Decoder;
  /** D(y) and D(style). */
  readonly discriminators: { readonly y: Network; readonly style: Network };
  readonly weights?: SemiSupervisedWeights;
}

/**
 * A semi-supervised adversarial autoencoder (Makhzani et al. 2015, §4): a code of a class y, a softmax that one game draws
 * towards one-hot vectors, and of a style, which another draws towards its prior; and the cross-entropy of y on labelled
 * rows, in one loss with the others rather than in a phase of its own; beside it, where asked for, `consistency`. Without the cross-entropy it clusters (§5).
 *
 * Few labelled rows have to be seen often: see `labelled` of `@elbo/datasets`.
 *
 * @throws CompositionError when the parts do not fit; ConfigError for rules that do not, or a prior without the parts.
 */
export function semiSupervisedAae(options: SemiSupervisedAaeOptions): Model<'posterior'> {
  expectGiven('semiSupervisedAae', options, 'prior', 'encoder', 'decoder', 'discriminators');
  const { prior, encoder, decoder, discriminators, weights = {}, ...rules } = options;
  const { y = 10, style = 10, classification: supervised = 20, consistency: stable = 0 } = weights;
  const game = (part: 'y' | 'style'): Term<'posterior'> => {
    namedSlice(prior, part);
    return adversarialZ({
      ...rules,
      discriminator: discriminators[part],
      part,
      name: `adversarial-${part}`,
    });
  };
  return compose({
    prior,
    encoder: encoder as Encoder<'posterior'>,
    decoder,
    terms: [
      reconstruction(),
      weight(game('y'), y),
      weight(game('style'), style),
      ...(supervised === 0 ? [] : [weight(classification(), supervised)]),
      ...(stable === 0 ? [] : [weight(consistency(), stable)]),
    ],
    config: {
      kind: 'semi-supervised-aae',
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
      discriminators: { y: discriminators.y.config, style: discriminators.style.config },
      ...rulesOf(rules, 'semiSupervisedAae').config,
      weights: {
        y: scheduleConfig(y),
        style: scheduleConfig(style),
        classification: scheduleConfig(supervised),
        consistency: scheduleConfig(stable),
      },
    },
  });
}

const factor = v.exactOptional(scheduled);

/** The kind of `semiSupervisedAae`. */
export const semiSupervisedAaeKind: Kind<Model> = defineKind(
  'semi-supervised-aae',
  modelCategory,
  {
    ...rulesEntries,
    prior: nested,
    encoder: nested,
    decoder: nested,
    discriminators: exactly({ y: nested, style: nested }),
    weights: v.exactOptional(
      exactly({ y: factor, style: factor, classification: factor, consistency: factor }),
    ),
  },
  ({ prior, encoder, decoder, discriminators, weights, ...rules }, registry) =>
    semiSupervisedAae({
      ...buildRules(rules, registry),
      prior: registry.build(priorCategory, prior),
      encoder: registry.build(encoderCategory, encoder),
      decoder: registry.build(decoderCategory, decoder),
      discriminators: {
        y: registry.build(networkCategory, discriminators.y),
        style: registry.build(networkCategory, discriminators.style),
      },
      ...(weights && {
        weights: Object.fromEntries(
          Object.entries(weights).map(([name, value]) => [name, buildSchedule(value, registry)]),
        ),
      }),
    }),
);
