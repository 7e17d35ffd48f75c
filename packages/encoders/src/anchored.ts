import {
  ConfigError,
  defineKind,
  normal,
  paramsAt,
  repeatBatch,
  type Kind,
  type Normal,
} from '@elbo/core';
import { activationEntry, mlp } from '@elbo/networks';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import { randomNormal, reparameterize, type Activation } from '@elbo/ops';
import { fold, type Key } from '@elbo/random';
import { add, concat, div, mul, tanh, type Rank, type Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { headOf } from './head.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { trunkOf } from './trunk.js';

/** What an anchored encoder is made of. */
export interface AnchoredEncoderOptions extends EncoderOptions {
  /** Dimension of the noise ε₂, beside that of z itself. */
  readonly noise: number;
  /** Sizes of g's hidden layers. */
  readonly hidden: readonly number[];
  /** Of g's layers; 'elu' by default. */
  readonly activation?: Activation;
  /** c, the farthest that ẑ may leave ε₁ in a coordinate; 1 by default. */
  readonly bound?: number;
  /** Whether g sees (x, ε₂) only, and not ε₁; false by default. */
  readonly noiseOnly?: boolean;
}

/**
 * An implicit posterior around a Gaussian: z = m(x) + s(x) ⊙ ẑ, ẑ = ε₁ + c tanh(g(x, ε₁, ε₂) / c), with ε₁ ~ N(0, I) of
 * z's dimension. The last layer of g starts at zero, so training starts at the Gaussian N(m, s²) exactly. The bound c
 * keeps ẑ from running away where a discriminator of ẑ lags.
 *
 * Its `mean` and `logVar` are the anchor (m, log s²), not q's own moments. Nothing is detached: at g = 0, m and s get
 * an unbiased one-sample estimate of the gradient of the Gaussian's KL divergence.
 *
 * With `noiseOnly`, q(z|x) = E N(z; m + c s ⊙ tanh(g(x, ε₂) / c), s²) is a Gaussian mixture over ε₂, a semi-implicit
 * posterior (Yin & Zhou 2018): its ELBO can then be bounded from both sides without a discriminator.
 *
 * @throws ConfigError for an option that does not fit.
 */
export function anchoredEncoder(options: AnchoredEncoderOptions): Encoder<'posterior' | 'moments'> {
  const {
    network,
    latent,
    noise,
    hidden,
    activation = 'elu',
    bound = 1,
    noiseOnly = false,
  } = options;
  const where = 'anchoredEncoder';
  expectCounts(where, { latent, noise });
  if (!(bound > 0)) throw new ConfigError(`${where}: 'bound' must be positive, not ${bound}.`);
  const trunk = trunkOf(network, where);
  const anchor = { mean: headOf('mean', latent, where), logVar: headOf('logVar', latent, where) };
  const bend = mlp({ hidden, output: latent, activation, zeroOutput: true });

  return {
    config: {
      kind: 'anchored',
      ...encoderConfig(options),
      noise,
      hidden,
      activation,
      bound,
      noiseOnly,
    },
    offers: ['posterior', 'moments'],
    latent,
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      const seen = features + noise + (noiseOnly ? 0 : latent);
      return {
        ...params,
        ...anchor.mean.init(key, features),
        ...anchor.logVar.init(key, features),
        bend: bend.init(fold(key, 'bend'), [seen]).params,
      };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const mean = anchor.mean.apply(params, mode, features);
      const logVar = anchor.logVar.apply(params, mode, features);

      /** c tanh(g / c), at draws of ε₂ and what else g sees. */
      const bent = (key: Key, samples: number, ...seen: readonly Tensor2D[]): Tensor2D => {
        const extra = randomNormal<Rank.R2>(fold(key, 'extra'), [mean.shape[0] * samples, noise]);
        const input = concat([repeatBatch(features, samples), ...seen, extra], 1);
        const g = bend.apply(paramsAt(params, 'bend'), mode, input);
        return mul(tanh(div(g, bound)), bound);
      };
      const placed = (standard: Tensor2D, samples: number): Tensor2D =>
        reparameterize(repeatBatch(mean, samples), repeatBatch(logVar, samples), standard);

      const sample = (key: Key, samples = 1): Tensor2D => {
        const base = randomNormal<Rank.R2>(fold(key, 'base'), [mean.shape[0] * samples, latent]);
        return placed(add(base, bent(key, samples, ...(noiseOnly ? [] : [base]))), samples);
      };
      const components = (key: Key, samples = 1): Normal<Tensor2D> =>
        normal(placed(bent(key, samples), samples), repeatBatch(logVar, samples));
      const posterior = { features, mean, logVar, sample, ...(noiseOnly && { components }) };
      return posterior;
    },
  };
}

/** Builds an anchored encoder from its config. */
export const anchoredKind: Kind<AnyEncoder> = defineKind(
  'anchored',
  encoderCategory,
  {
    ...encoderEntries,
    noise: v.number(),
    hidden: v.array(v.number()),
    activation: activationEntry,
    bound: v.exactOptional(v.number()),
    noiseOnly: v.exactOptional(v.boolean()),
  },
  (options, registry) => anchoredEncoder(buildOptions(options, registry)),
);
