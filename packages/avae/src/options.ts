import {
  buildSchedule,
  nested,
  priorCategory,
  scheduleConfig,
  scheduled,
  type Config,
  type Json,
  type Prior,
  type Registry,
  type Schedule,
} from '@elbo/core';
import {
  buildRules,
  dataCritic,
  dataCriticEntries,
  decoderCategory,
  encoderCategory,
  rulesEntries,
  rulesOf,
  type DataCriticOptions,
  type Decoder,
  type Encoder,
  type Offering,
  type RulesOptions,
} from '@elbo/objectives';
import * as v from 'valibot';

/** What every autoencoder with an adversary on its images takes, but the adversary. */
export interface AutoencoderOptions extends RulesOptions {
  readonly prior: Prior;
  /** Any encoder with a density. */
  readonly encoder: Offering<'posterior' | 'logProb'>;
  readonly decoder: Decoder;
  /** The weight of the KL; 1 by default. */
  readonly beta?: number | Schedule;
  /** The weight of the adversary in the decoder's objective. */
  readonly gamma?: number | Schedule;
}

/** The parts as `compose` takes them. */
export function partsOf({ prior, encoder, decoder }: AutoencoderOptions): {
  readonly prior: Prior;
  readonly encoder: Encoder<'posterior' | 'logProb'>;
  readonly decoder: Decoder;
} {
  return { prior, encoder: encoder as Encoder<'posterior' | 'logProb'>, decoder };
}

/** The config of a named composition of this package, with the weights that it takes as given. */
export function configOf(
  kind: string,
  options: AutoencoderOptions & DataCriticOptions,
  weights: Readonly<Record<string, number | Schedule>>,
): Config {
  const { prior, encoder, decoder } = options;
  const weighed: Record<string, Json> = {};
  for (const [name, weight] of Object.entries(weights)) weighed[name] = scheduleConfig(weight);
  return {
    kind,
    prior: prior.config,
    encoder: encoder.config,
    decoder: decoder.config,
    ...weighed,
    ...dataCritic(options, kind).config,
    ...rulesOf(options, kind).config,
  };
}

/** The schemas of what every one of them takes. */
export const autoencoderEntries: {
  readonly prior: typeof nested;
  readonly encoder: typeof nested;
  readonly decoder: typeof nested;
  readonly beta: v.ExactOptionalSchema<typeof scheduled, undefined>;
  readonly gamma: v.ExactOptionalSchema<typeof scheduled, undefined>;
} & typeof dataCriticEntries &
  typeof rulesEntries = {
  prior: nested,
  encoder: nested,
  decoder: nested,
  beta: v.exactOptional(scheduled),
  gamma: v.exactOptional(scheduled),
  ...dataCriticEntries,
  ...rulesEntries,
};

type Given = v.InferOutput<v.ObjectSchema<typeof autoencoderEntries, undefined>>;

/** What every one of them takes but the adversary, built from a config. */
export function buildAutoencoder(
  { prior, encoder, decoder, beta, gamma, ...rules }: Given,
  registry: Registry,
): AutoencoderOptions {
  return {
    prior: registry.build(priorCategory, prior),
    // `compose` checks that it offers what the terms need.
    encoder: registry.build(encoderCategory, encoder) as Encoder<'posterior' | 'logProb'>,
    decoder: registry.build(decoderCategory, decoder),
    ...(beta !== undefined && { beta: buildSchedule(beta, registry) }),
    ...(gamma !== undefined && { gamma: buildSchedule(gamma, registry) }),
    ...buildRules(rules, registry),
  };
}
