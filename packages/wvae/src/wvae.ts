import {
  expectGiven,
  buildSchedule,
  defineKind,
  nested,
  priorCategory,
  scheduleConfig,
  scheduled,
  type Kind,
  type Prior,
  type Schedule,
} from '@elbo/core';
import {
  compose,
  decoderCategory,
  encoderCategory,
  modelCategory,
  termCategory,
  weight as weighted,
  type Decoder,
  type Encoder,
  type Model,
  type Offering,
  type Term,
} from '@elbo/objectives';
import * as v from 'valibot';
import { costCategory, squaredEuclidean, type Cost } from './cost.js';
import { mmd } from './mmd.js';
import { transportCost } from './transport_cost.js';

/** The parts of a Wasserstein autoencoder. */
export interface WvaeOptions {
  /** Any that can be sampled. */
  readonly prior: Prior;
  /** Any; a deterministic one is enough. */
  readonly encoder: Offering<'posterior'>;
  /** G(z) is the mean of its p(x|z). */
  readonly decoder: Decoder;
  /** c; `squaredEuclidean()` by default. */
  readonly cost?: Cost;
  /** D of the aggregate posterior and the prior: `mmd()` (the default), `sinkhorn()`, `dualCritic(…)`, `adversarialZ(…)`. */
  readonly divergence?: Term<'posterior'>;
  /** λ; 1 by default. */
  readonly weight?: number | Schedule;
}

/**
 * A Wasserstein autoencoder (Tolstikhin et al. 2018, eq. 4; Patrini et al. 2020): min E c(x, G(z)) + λ D(q(z), p(z)),
 * which relaxes the optimal transport cost of the data and what the model makes. It has no ELBO.
 *
 * @throws CompositionError when the parts do not fit.
 *
 * @example
 * ```ts
 * import { bernoulliDecoder, deterministicEncoder, mlp, mmd, standardNormal, wvae } from '@elbo/wvae';
 *
 * const model = wvae({
 *   prior: standardNormal(4),
 *   encoder: deterministicEncoder({ network: mlp({ hidden: [64] }), latent: 4 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   divergence: mmd({ kernel: 'imq' }),
 *   weight: 10,
 * });
 * console.log(model.terms.map(({ name }) => name)); // [ 'cost', 'mmd' ]
 * ```
 */
export function wvae(options: WvaeOptions): Model<'posterior'> {
  expectGiven('wvae', options, 'prior', 'encoder', 'decoder');
  const { cost = squaredEuclidean(), divergence = mmd(), weight = 1, ...parts } = options;
  const { prior, encoder, decoder } = parts;
  return compose({
    ...parts,
    encoder: encoder as Encoder<'posterior'>,
    terms: [transportCost({ cost }), weight === 1 ? divergence : weighted(divergence, weight)],
    config: {
      kind: 'wvae',
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
      cost: cost.config,
      divergence: divergence.config,
      weight: scheduleConfig(weight),
    },
  });
}

/** The kind of `wvae`. */
export const wvaeKind: Kind<Model> = defineKind(
  'wvae',
  modelCategory,
  {
    prior: nested,
    encoder: nested,
    decoder: nested,
    cost: nested,
    divergence: nested,
    weight: v.optional(scheduled, 1),
  },
  (parts, registry) =>
    wvae({
      prior: registry.build(priorCategory, parts.prior),
      encoder: registry.build(encoderCategory, parts.encoder),
      decoder: registry.build(decoderCategory, parts.decoder),
      cost: registry.build(costCategory, parts.cost),
      // `compose` checks that the encoder offers what it needs.
      divergence: registry.build(termCategory, parts.divergence) as Term<'posterior'>,
      weight: buildSchedule(parts.weight, registry),
    }),
);
