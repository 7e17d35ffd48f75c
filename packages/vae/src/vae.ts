import {
  expectGiven,
  buildSchedule,
  defineKind,
  exactly,
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
  freeBits,
  kl,
  klPart,
  modelCategory,
  reconstruction,
  weight,
  type Decoder,
  type Encoder,
  type FreeBitsOptions,
  type Offering,
  type Model,
} from '@elbo/objectives';
import * as v from 'valibot';

/** The parts of a VAE. */
export interface VaeOptions {
  readonly prior: Prior;
  /** Any encoder with a density. */
  readonly encoder: Offering<'posterior' | 'logProb'>;
  readonly decoder: Decoder;
  /** The weight of the KL in the objective, 1 by default; the reported ELBO stays unweighted. */
  readonly beta?: number | Schedule;
  /** Nats of the KL that are free in each dimension, or group of them; none by default. */
  readonly freeBits?: FreeBitsOptions;
  /** What the total correlation weighs beside its share of the KL: β − 1 for the β-TCVAE of β. None by default. */
  readonly totalCorrelation?: number | Schedule;
}

/**
 * A variational autoencoder (Kingma & Welling 2013): max E_q[log p(x|z)] − β KL(q(z|x) ‖ p(z)), with β = 1 the evidence
 * lower bound; a β-VAE (Higgins et al. 2017) or an annealed one (Fu et al. 2019) else. With free bits no dimension's KL is
 * pushed below them (Kingma et al. 2016). With more weight on the total correlation, the part of the KL that says how far
 * the dimensions of z depend on each other, it is a β-TCVAE (Chen et al. 2018, eq. 4 with α = γ = 1).
 *
 * @throws CompositionError when the parts do not fit.
 *
 * @example
 * ```ts
 * import { bernoulliDecoder, gaussianEncoder, mlp, standardNormal, vae } from '@elbo/vae';
 *
 * const model = vae({
 *   prior: standardNormal(4),
 *   encoder: gaussianEncoder({ network: mlp({ hidden: [64] }), latent: 4 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   beta: 4,
 * });
 * console.log(model.terms.map(({ name }) => name), model.offers); // [ 'reconstruction', 'kl' ] [ 'posterior', 'logProb', 'moments' ]
 * ```
 */
export function vae(options: VaeOptions): Model<'posterior' | 'logProb'> {
  expectGiven('vae', options, 'prior', 'encoder', 'decoder');
  const { beta = 1, freeBits: free, totalCorrelation, ...parts } = options;
  const { prior, encoder, decoder } = parts;
  const divergence = [kl(), ...(free ? [freeBits(free)] : [])];
  return compose({
    ...parts,
    encoder: encoder as Encoder<'posterior' | 'logProb'>,
    terms: [
      reconstruction(),
      ...(beta === 1 ? divergence : divergence.map((term) => weight(term, beta))),
      ...(totalCorrelation === undefined
        ? []
        : [weight(klPart({ part: 'correlation' }), totalCorrelation)]),
    ],
    config: {
      kind: 'vae',
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
      beta: scheduleConfig(beta),
      ...(free && { freeBits: { ...free } }),
      ...(totalCorrelation !== undefined && { totalCorrelation: scheduleConfig(totalCorrelation) }),
    },
  });
}

/** The kind of `vae`. */
export const vaeKind: Kind<Model> = defineKind(
  'vae',
  modelCategory,
  {
    prior: nested,
    encoder: nested,
    decoder: nested,
    beta: v.optional(scheduled, 1),
    freeBits: v.exactOptional(exactly({ nats: v.number(), groups: v.exactOptional(v.number()) })),
    totalCorrelation: v.exactOptional(scheduled),
  },
  ({ beta, freeBits: free, totalCorrelation, ...parts }, registry) =>
    vae({
      prior: registry.build(priorCategory, parts.prior),
      // `compose` checks that it offers what the terms need.
      encoder: registry.build(encoderCategory, parts.encoder) as Encoder<'posterior' | 'logProb'>,
      decoder: registry.build(decoderCategory, parts.decoder),
      beta: buildSchedule(beta, registry),
      ...(free && { freeBits: free }),
      ...(totalCorrelation !== undefined && {
        totalCorrelation: buildSchedule(totalCorrelation, registry),
      }),
    }),
);
