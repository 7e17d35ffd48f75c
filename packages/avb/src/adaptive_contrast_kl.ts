import {
  defineKind,
  expectGiven,
  isStandardNormal,
  klNormalToStandard,
  nested,
  normal,
  pairNetworkCategory,
  standardNormal,
  type Kind,
} from '@elbo/core';
import { detach } from '@elbo/gradients';
import { lazy, term, termCategory, type Term } from '@elbo/objectives';
import { fold } from '@elbo/random';
import {
  add,
  exp,
  mul,
  reshape,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { AdversarialKlOptions } from './adversarial_kl.js';
import { contrast } from './contrast.js';

/** The options of `adaptiveContrastKl`. */
export interface AdaptiveContrastKlOptions extends AdversarialKlOptions {
  /**
   * Whether gradients stop at the reference's mean and variance: true for moments estimated from samples, as in the
   * paper; false for an anchor, z = m + s ⊙ ẑ, through which m and s get the gradient of the Gaussian part exactly.
   */
  readonly stopGradient?: boolean;
}

/**
 * KL(q(z|x) ‖ p(z)) in nats, `[B]`, by adaptive contrast (Mescheder et al. 2017, §3.3, eq. 3.9).
 *
 * With r(z|x) = N(m(x), s²(x)) the normal that the posterior names, and ẑ = (z − m)/s:
 *
 *     KL = E_q [T(x, ẑ) + log r(z|x) − log p(z)],   T* = log q(ẑ|x) − log N(ẑ; 0, I)
 *
 * T tells ẑ from standard normal noise: the nearer q is to r, the less T has to learn. One and the same variance is used
 * in ẑ and in log r, and gradients stop at both or at neither.
 *
 * Where r is an anchor, z was moved from noise ε and p is N(0, I), log r − log p at the anchor's own draw m + s ⊙ ε is a
 * control variate: its mean KL(r ‖ p) is known. Then a posterior that is its anchor has the closed form of its KL, and
 * one that is near has hardly more noise in it than T brings.
 */
export function adaptiveContrastKl(
  options: AdaptiveContrastKlOptions,
): Term<'posterior' | 'moments'> {
  expectGiven('adaptiveContrastKl', options, 'discriminator');
  const { discriminator, name = 'kl', stopGradient = true } = options;
  const fix = (tensor: Tensor2D): Tensor2D => (stopGradient ? detach(tensor) : tensor);
  return term({
    config: {
      kind: 'adaptive-contrast-kl',
      discriminator: discriminator.config,
      name,
      stopGradient,
    },
    name,
    role: 'divergence',
    needs: ['posterior', 'moments'],
    adversary: {
      parts: [discriminator],
      init: (key, x, z) => discriminator.init(key, x, z).params,
    },
    evaluate: (pass, adversary) => {
      const key = fold(pass.key, name);
      const noise = standardNormal(pass.prior.dim);
      const mean = lazy(() => fix(pass.posterior.mean));
      const logVar = lazy(() => fix(pass.posterior.logVar));
      const standardised = lazy<Tensor2D>(() => mul(sub(pass.z, mean()), exp(mul(-0.5, logVar()))));
      const { atPosterior, ...game } = contrast(
        discriminator,
        adversary,
        { training: pass.training, key },
        pass.x,
        {
          posterior: standardised,
          prior: () => noise.sample(fold(key, 'contrast'), pass.z.shape[0]),
        },
        name,
      );
      return {
        ...game,
        cost: () => {
          /** log r − log p of z, given ẑ. */
          const ratio = (z: Tensor2D, of: Tensor2D): Tensor1D =>
            sub(sub(noise.logProb(of), mul(0.5, sum(logVar(), 1))), pass.prior.logProb(z));
          const contrasted = add<Tensor1D>(
            reshape(atPosterior(), [-1]),
            ratio(pass.z, standardised()),
          );
          const { base } = pass;
          if (stopGradient || !base || !isStandardNormal(pass.prior)) return contrasted;
          const anchored: Tensor2D = add(mean(), mul(exp(mul(0.5, logVar())), base));
          const atAnchor = ratio(anchored, base);
          return add(contrasted, sub(klNormalToStandard(normal(mean(), logVar())), atAnchor));
        },
      };
    },
  });
}

/** The kind of `adaptiveContrastKl`. */
export const adaptiveContrastKlKind: Kind<Term> = defineKind(
  'adaptive-contrast-kl',
  termCategory,
  {
    discriminator: nested,
    name: v.optional(v.string(), 'kl'),
    stopGradient: v.optional(v.boolean(), true),
  },
  ({ discriminator, ...options }, registry) =>
    adaptiveContrastKl({
      discriminator: registry.build(pairNetworkCategory, discriminator),
      ...options,
    }),
);
