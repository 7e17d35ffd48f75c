import {
  expectGiven,
  couplingOf,
  ConfigError,
  defineKind,
  networkCategory,
  normal,
  tensorAt,
  type Kind,
  type Params,
  type Shape,
} from '@elbo/core';
import { decoderCategory, type Decoder } from '@elbo/objectives';
import { add, fill, mul, sigmoid, zeros, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { decoderEntries } from './options.js';
import { outputOf, type DecoderOptions } from './output.js';

/** What a Gaussian decoder is made of. */
export interface GaussianDecoderOptions extends DecoderOptions {
  /**
   * The standard deviation of every element of x: a number; or a parameter, one for all elements (`learned`, the
   * default) or one for each (`learned-per-dimension`). The parameter is log σ and starts at 0.
   */
  readonly sigma?: number | 'learned' | 'learned-per-dimension';
  /** `sigmoid` keeps the means in (0, 1), for data in [0, 1]; `linear` by default. */
  readonly mean?: 'linear' | 'sigmoid';
}

/** log σ at the start, where it is learned. */
function initialLogSigma(sigma: GaussianDecoderOptions['sigma'], shape: Shape): Params {
  if (typeof sigma === 'number') return {};
  return { logSigma: zeros(sigma === 'learned' ? [1] : [...shape]) };
}

/**
 * p(x|z) = N(x; μ(z), σ² I), or with a σ for each element.
 *
 * A fixed σ weighs the reconstruction against KL(q ‖ p): it is the β = σ² of a β-VAE in disguise. A learned one
 * has its optimum at the root mean square of x − μ (Rybkin, Daniilidis & Levine 2021).
 *
 * @throws ConfigError unless a given σ is positive.
 */
export function gaussianDecoder(options: GaussianDecoderOptions): Decoder {
  expectGiven('gaussianDecoder', options, 'network', 'shape');
  const { network, shape, sigma = 'learned', mean: form = 'linear' } = options;
  if (typeof sigma === 'number' && !(sigma > 0))
    throw new ConfigError(`gaussianDecoder: 'sigma' must be positive, not ${sigma}.`);
  const output = outputOf(options, 'gaussianDecoder');
  const logVariance = (params: Params, mean: Tensor): Tensor =>
    typeof sigma === 'number'
      ? fill(mean.shape, 2 * Math.log(sigma))
      : add(zerosLike(mean), mul(tensorAt(params, 'logSigma'), 2));
  return {
    config: { kind: 'gaussian', network: network.config, shape, sigma, mean: form },
    ...couplingOf(network),
    support: form === 'sigmoid' ? { kind: 'interval', least: 0, most: 1 } : { kind: 'real' },
    init: (key, latent, x, condition) => ({
      ...output.init(key, latent, x, condition),
      ...initialLogSigma(sigma, shape),
    }),
    likelihood: (params, mode, z, condition) => {
      const raw = output.apply(params, mode, z, condition);
      const mean = form === 'sigmoid' ? sigmoid(raw) : raw;
      return normal(mean, logVariance(params, mean));
    },
  };
}

/** Builds a Gaussian decoder from its config. */
export const gaussianKind: Kind<Decoder> = defineKind(
  'gaussian',
  decoderCategory,
  {
    ...decoderEntries,
    sigma: v.exactOptional(v.union([v.number(), v.picklist(['learned', 'learned-per-dimension'])])),
    mean: v.exactOptional(v.picklist(['linear', 'sigmoid'])),
  },
  ({ network, ...options }, registry) =>
    gaussianDecoder({ ...options, network: registry.build(networkCategory, network) }),
);
