import { defineKind, paramsAt, type Kind, type Mode, type Params } from '@elbo/core';
import { activationEntry, mlp } from '@elbo/networks';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import { randomNormal, type Activation } from '@elbo/ops';
import { fold, ofBatch, type Key } from '@elbo/random';
import {
  add,
  mul,
  reshape,
  softplus,
  split,
  square,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { headOf } from './head.js';
import { logVariance, sampleMoments, withMoments } from './moments.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { trunkOf } from './trunk.js';

/** What a basis encoder is made of. */
export interface BasisEncoderOptions extends EncoderOptions {
  /** M, the number of noise networks. */
  readonly basis: number;
  /** Dimension of the noise of each. */
  readonly noise: number;
  /** Sizes of the hidden layers of each. */
  readonly hidden: readonly number[];
  /** Of those layers; 'elu' by default. */
  readonly activation?: Activation;
  /** How many draws the moments of the noise networks are estimated from, where they are read; 256 by default. */
  readonly momentSamples?: number;
}

/**
 * An implicit posterior with moments that cost little (Mescheder, Nowozin & Geiger 2017, section 3.3 and supplement):
 * z = z₀(x) + Σᵢ aᵢ(x) ⊙ vᵢ(εᵢ), i = 1…M, with noise networks vᵢ of independent εᵢ, and aᵢ = softplus(·) / √M > 0, so
 * that q is about as wide at the start for any M.
 *
 * As the vᵢ are independent of each other and of x, E z = z₀ + Σ aᵢ E vᵢ and Var z = Σ aᵢ² Var vᵢ. The moments of the
 * vᵢ come from draws of their own, not from those of the batch's z, so that they depend neither on what was drawn before
 * nor on how many rows there are. 1e-8 is added to the variance.
 *
 * @throws ConfigError for an option that does not fit.
 */
export function basisEncoder(options: BasisEncoderOptions): Encoder<'posterior' | 'moments'> {
  const {
    network,
    latent,
    basis,
    noise,
    hidden,
    activation = 'elu',
    momentSamples = 256,
  } = options;
  const where = 'basisEncoder';
  expectCounts(where, { latent, basis, noise });
  expectCounts(where, { momentSamples }, 2);
  const trunk = trunkOf(network, where);
  const centre = headOf('offset', latent, where);
  const weights = headOf('weights', basis * latent, where);
  const nets = Array.from({ length: basis }, (_, i) => ({
    name: `noise_${i}`,
    net: mlp({ hidden, output: latent, activation }),
  }));

  /** Draws of each vᵢ, `[rows, Z]`. */
  const drawBasis = (params: Params, mode: Mode, key: Key, rows: number): readonly Tensor[] =>
    nets.map(({ name, net }) =>
      net.apply(paramsAt(params, name), mode, randomNormal(fold(key, name), [rows, noise])),
    );

  return {
    config: {
      kind: 'basis',
      ...encoderConfig(options),
      basis,
      noise,
      hidden,
      activation,
      momentSamples,
    },
    offers: ['posterior', 'moments'],
    latent,
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      const made = nets.map(
        ({ name, net }) => [name, net.init(fold(key, name), [noise]).params] as const,
      );
      return {
        ...params,
        ...centre.init(key, features),
        ...weights.init(key, features),
        ...Object.fromEntries(made),
      };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const offset = centre.apply(params, mode, features);
      const raw = weights.apply(params, mode, features);
      const scales: Tensor2D[] = split(mul(softplus(raw), 1 / Math.sqrt(basis)), basis, 1);

      const sample = (key: Key, samples = 1): Tensor2D => {
        const drawn = drawBasis(params, mode, key, samples * offset.shape[0]);
        const parts = drawn.map((v, i) => mul(scales[i]!, reshape(v, [samples, -1, latent])));
        return reshape(
          parts.reduce<Tensor>((a, b) => add(a, b), offset),
          [-1, latent],
        );
      };
      return withMoments({ offset, scales, sample }, () => {
        const key = ofBatch(fold(mode.key, 'moments'));
        const each = drawBasis(params, mode, key, momentSamples).map(sampleMoments);
        const means = each.map((v, i) => mul<Tensor2D>(scales[i]!, v.mean));
        const variances = each.map((v, i) => mul<Tensor2D>(square(scales[i]!), v.variance));
        return {
          mean: means.reduce((a, b) => add(a, b), offset),
          logVar: logVariance(variances.reduce((a, b) => add(a, b))),
        };
      });
    },
  };
}

/** Builds a basis encoder from its config. */
export const basisKind: Kind<AnyEncoder> = defineKind(
  'basis',
  encoderCategory,
  {
    ...encoderEntries,
    basis: v.number(),
    noise: v.number(),
    hidden: v.array(v.number()),
    activation: activationEntry,
    momentSamples: v.exactOptional(v.number()),
  },
  (options, registry) => basisEncoder(buildOptions(options, registry)),
);
