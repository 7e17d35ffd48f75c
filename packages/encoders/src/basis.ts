import { expectGiven, couplingOf, ConfigError, defineKind, paramsAt, type Kind } from '@elbo/core';
import { activationEntry } from '@elbo/networks';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import type { Activation } from '@elbo/ops';
import { fold, ofBatch } from '@elbo/random';
import {
  add,
  expandDims,
  mul,
  reshape,
  softplus,
  square,
  sum,
  transpose,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { headOf } from './head.js';
import { logVariance, sampleMoments, withMoments } from './moments.js';
import { noiseNetworks } from './noise_networks.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { outputNoiseOf } from './output_noise.js';
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
  /** Whether vᵢ(ε) = (ε₁ … ε_Z) + fᵢ(ε), with fᵢ = 0 at the start, so that q begins as a normal; false by default. */
  readonly residual?: boolean;
  /** δ, the standard deviation of normal noise added to z: it keeps q a density. 0 by default. */
  readonly outputNoise?: number;
  /** How many draws the moments of the noise networks are estimated from, where they are read; 256 by default. */
  readonly momentSamples?: number;
}

/**
 * An implicit posterior with moments that cost little (Mescheder, Nowozin & Geiger 2017, section 3.3 and supplement):
 * z = z₀(x) + Σᵢ aᵢ(x) ⊙ vᵢ(εᵢ) + δ ε', i = 1…M, with noise networks vᵢ of independent εᵢ, and aᵢ = softplus(·) / √M > 0, so
 * that q is about as wide at the start for any M.
 *
 * As the vᵢ are independent of each other and of x, E z = z₀ + Σ aᵢ E vᵢ and Var z = Σ aᵢ² Var vᵢ + δ². The moments of the
 * vᵢ come from draws of their own, not from those of the batch's z, so that they depend neither on what was drawn before
 * nor on how many rows there are. 1e-8 is added to the variance.
 *
 * A perceptron at its start squeezes some directions of its noise nearly flat, and q is close to a surface there, which a
 * discriminator is slow to see. With `residual` q starts as a normal, whatever M is.
 *
 * @throws ConfigError for an option that does not fit.
 */
export function basisEncoder(options: BasisEncoderOptions): Encoder<'posterior' | 'moments'> {
  expectGiven('basisEncoder', options, 'latent', 'basis', 'noise', 'hidden');
  const {
    network,
    latent,
    basis,
    noise,
    hidden,
    activation = 'elu',
    residual = false,
    outputNoise = 0,
    momentSamples = 256,
  } = options;
  const where = 'basisEncoder';
  expectCounts(where, { latent, basis, noise });
  expectCounts(where, { momentSamples }, 2);
  if (residual && noise < latent)
    throw new ConfigError(
      `${where}: 'residual' adds noise to each of the ${latent} dimensions of z, so 'noise' must be at least ${latent}, not ${noise}.`,
    );
  const trunk = trunkOf(network, where);
  const centre = headOf('offset', latent, where);
  const weights = headOf('weights', basis * latent, where);
  const blurred = outputNoiseOf(where, outputNoise);
  const nets = noiseNetworks({ count: basis, noise, hidden, activation, output: latent, residual });

  return {
    config: {
      kind: 'basis',
      ...encoderConfig(options),
      basis,
      noise,
      hidden,
      activation,
      ...(residual && { residual }),
      ...(outputNoise > 0 && { outputNoise }),
      momentSamples,
    },
    offers: ['posterior', 'moments'],
    latent,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      return {
        ...params,
        ...centre.init(key, features),
        ...weights.init(key, features),
        noise: nets.init(key),
      };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const offset = centre.apply(params, mode, features);
      const raw = weights.apply(params, mode, features);
      const scales: Tensor3D = reshape(mul(softplus(raw), 1 / Math.sqrt(basis)), [
        -1,
        basis,
        latent,
      ]);
      const own = paramsAt(params, 'noise');

      const sampled = blurred((key, samples) => {
        const rows = offset.shape[0];
        const drawn = reshape(nets.draw(own, key, samples * rows), [basis, samples, rows, latent]);
        const byNetwork = expandDims(transpose(scales, [1, 0, 2]), 1);
        return reshape(add(sum(mul(byNetwork, drawn), 0), offset), [-1, latent]);
      });
      return withMoments({ offset, scales, ...sampled }, () => {
        const key = ofBatch(fold(mode.key, 'moments'));
        const each = sampleMoments(nets.draw(own, key, momentSamples), 1);
        return {
          mean: add(offset, sum(mul(scales, each.mean), 1)),
          logVar: logVariance(add(sum(mul(square(scales), each.variance), 1), outputNoise ** 2)),
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
    residual: v.exactOptional(v.boolean()),
    outputNoise: v.exactOptional(v.number()),
    momentSamples: v.exactOptional(v.number()),
  },
  (options, registry) => basisEncoder(buildOptions(options, registry)),
);
