import { expectGiven, couplingOf, defineKind, type Kind } from '@elbo/core';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import type { Activation } from '@elbo/ops';
import { fold } from '@elbo/random';
import { reshape } from '@tensorflow/tfjs-core';
import { activationEntry, initialiserEntry, type Initialiser } from '@elbo/networks';
import * as v from 'valibot';
import { generatorOf } from './generator.js';
import { headOf } from './head.js';
import { logVariance, sampleMoments, withMoments } from './moments.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { outputNoiseOf } from './output_noise.js';
import { trunkOf } from './trunk.js';

/** What an implicit encoder is made of. */
export interface ImplicitEncoderOptions extends EncoderOptions {
  /** Dimension of the noise ε. */
  readonly noise: number;
  /** Sizes of the layers between (features, ε) and z; at least one. */
  readonly hidden: readonly number[];
  /** Of those layers; 'elu' by default. */
  readonly activation?: Activation;
  /** How their kernels begin; by default as suits the activation. */
  readonly init?: Initialiser;
  /** Whether noise joins the features only (the default), or the input of every layer, fresh in each. */
  readonly inject?: 'input' | 'layers';
  /** δ, the standard deviation of normal noise added to z: it keeps q a density. 0 by default. */
  readonly outputNoise?: number;
  /** How many draws for each x `mean` and `logVar` are estimated from, where they are read; 16 by default. */
  readonly momentSamples?: number;
}

/**
 * An implicit posterior z = f(x, ε) + δ ε' (Mescheder, Nowozin & Geiger 2017, section 3.1): it can be sampled, and its
 * density is not known.
 *
 * Its moments are estimated from S = `momentSamples` draws of their own for each x, the variance without bias and 1e-8
 * added. As they differ from draw to draw and a discriminator of the standardised z does not see them, adaptive
 * contrast's KL divergence comes out too small by their mutual information with it, about Z / S nats: where z has many
 * dimensions take many draws, or a `basisEncoder`, whose moments cost less.
 *
 * @throws ConfigError for an option that does not fit.
 */
export function implicitEncoder(options: ImplicitEncoderOptions): Encoder<'posterior' | 'moments'> {
  expectGiven('implicitEncoder', options, 'latent', 'noise', 'hidden');
  const { network, latent, noise, hidden, init } = options;
  const { activation = 'elu', inject = 'input', outputNoise = 0, momentSamples = 16 } = options;
  const where = 'implicitEncoder';
  expectCounts(where, { latent, noise, 'hidden.length': hidden.length });
  expectCounts(where, { momentSamples }, 2);
  const trunk = trunkOf(network, where);
  const generator = generatorOf({ noise, hidden, activation, init, inject });
  const head = headOf('z', latent, where);
  const blurred = outputNoiseOf(where, outputNoise);
  return {
    config: {
      kind: 'implicit',
      ...encoderConfig(options),
      noise,
      hidden,
      activation,
      ...(init && { init }),
      inject,
      outputNoise,
      momentSamples,
    },
    offers: ['posterior', 'moments'],
    latent,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      return { ...params, ...generator.init(key, features), ...head.init(key, generator.width) };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const sampled = blurred((key, samples) =>
        head.apply(params, mode, generator.draw(params, mode, features, key, samples)),
      );
      return withMoments({ features, ...sampled }, () => {
        const draws = sampled.sample(fold(mode.key, 'moments'), momentSamples);
        const { mean, variance } = sampleMoments(reshape(draws, [momentSamples, -1, latent]));
        return { mean, logVar: logVariance(variance) };
      });
    },
  };
}

/** Builds an implicit encoder from its config. */
export const implicitKind: Kind<AnyEncoder> = defineKind(
  'implicit',
  encoderCategory,
  {
    ...encoderEntries,
    noise: v.number(),
    hidden: v.array(v.number()),
    activation: activationEntry,
    init: initialiserEntry,
    inject: v.exactOptional(v.picklist(['input', 'layers'])),
    outputNoise: v.exactOptional(v.number()),
    momentSamples: v.exactOptional(v.number()),
  },
  (options, registry) => implicitEncoder(buildOptions(options, registry)),
);
