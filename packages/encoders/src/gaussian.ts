import { expectGiven, couplingOf, defineKind, type Kind } from '@elbo/core';
import { encoderCategory, type AnyEncoder, type Encoder } from '@elbo/objectives';
import { add } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { choleskyFactor, choleskySize } from './cholesky.js';
import { diagonalPosterior, fullPosterior, type Gaussian } from './gaussian_posterior.js';
import { headOf, logScaleHeadOf } from './head.js';
import {
  buildOptions,
  encoderConfig,
  encoderEntries,
  expectCounts,
  type EncoderOptions,
} from './options.js';
import { trunkOf } from './trunk.js';

/** What a Gaussian encoder is made of. */
export interface GaussianEncoderOptions extends EncoderOptions {
  /** `diagonal` by default; `full` has a covariance matrix for each x, by its Cholesky factor. */
  readonly covariance?: 'diagonal' | 'full';
  /** Added to log σ²: a wider or narrower start. 0 by default. */
  readonly logVarOffset?: number;
}

/**
 * q(z|x) = N(μ(x), Σ(x)) (Kingma & Welling 2013, section 3): linear layers `mean` and `logVar` on the features give μ
 * and log σ²; or a layer `cholesky` gives the factor L of a full Σ = L Lᵀ, whose diagonal is exp(½ (· + logVarOffset)).
 * Log variances are as the layer makes them from −15 to 15, and bounded smoothly beyond, by `boundedLogScale`. KL(q ‖ p) has a closed form where p is a standard normal; `logVar` is that of the marginals.
 *
 * @throws ConfigError when `latent` is no whole number from 1.
 *
 * @example
 * ```ts
 * import { gaussianEncoder } from '@elbo/encoders';
 * import { mlp } from '@elbo/networks';
 *
 * const encoder = gaussianEncoder({ network: mlp({ hidden: [300] }), latent: 32 });
 * console.log(encoder.latent, encoder.offers); // 32 [ 'posterior', 'logProb', 'moments' ]
 * ```
 */
export function gaussianEncoder(options: GaussianEncoderOptions): Encoder<Gaussian> {
  expectGiven('gaussianEncoder', options, 'latent');
  const { network, latent, covariance = 'diagonal', logVarOffset = 0 } = options;
  const where = 'gaussianEncoder';
  expectCounts(where, { latent });
  const full = covariance === 'full';
  const trunk = trunkOf(network, where);
  const mean = headOf('mean', latent, where);
  const spread = full
    ? headOf('cholesky', choleskySize(latent), where)
    : logScaleHeadOf('logVar', latent, where);
  return {
    config: { kind: 'gaussian', ...encoderConfig(options), covariance, logVarOffset },
    offers: ['posterior', 'logProb', 'moments'],
    latent,
    ...couplingOf(network),
    init: (key, x, condition) => {
      const { params, features } = trunk.init(key, x, condition);
      return { ...params, ...mean.init(key, features), ...spread.init(key, features) };
    },
    posterior: (params, mode, x, condition) => {
      const features = trunk.apply(params, mode, x, condition);
      const centre = mean.apply(params, mode, features);
      const raw = spread.apply(params, mode, features);
      return full
        ? fullPosterior(centre, choleskyFactor(raw, latent, logVarOffset))
        : diagonalPosterior(centre, add(raw, logVarOffset));
    },
  };
}

/** Builds a Gaussian encoder from its config. */
export const gaussianKind: Kind<AnyEncoder> = defineKind(
  'gaussian',
  encoderCategory,
  {
    ...encoderEntries,
    covariance: v.exactOptional(v.picklist(['diagonal', 'full'])),
    logVarOffset: v.exactOptional(v.number()),
  },
  (options, registry) => gaussianEncoder(buildOptions(options, registry)),
);
