import { defineKind, expectGiven, nested, pairNetworkCategory, type Kind } from '@elbo/core';
import type { PairNetwork } from '@elbo/discriminators';
import { term, termCategory, type Term } from '@elbo/objectives';
import { fold } from '@elbo/random';
import { reshape } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { contrast } from './contrast.js';

/** The discriminator of an adversarial KL, and the name of its term. */
export interface AdversarialKlOptions {
  /** T(x, z). */
  readonly discriminator: PairNetwork;
  /** Names the term's metrics and parameters; `kl` by default. */
  readonly name?: string;
}

/**
 * KL(q(z|x) ‖ p(z)) in nats, `[B]`, of a posterior that can only be sampled (Mescheder et al. 2017, eqs. 3.3 and 3.7).
 *
 * T(x, z) learns to tell pairs with z ~ q(z|x) from pairs with z ~ p(z). At its optimum T* = log q(z|x) − log p(z), whose
 * mean under q is the KL. The gradient for q flows through z only: E_q ∇T* = 0 (Prop. 2).
 */
export function adversarialKl(options: AdversarialKlOptions): Term<'posterior'> {
  expectGiven('adversarialKl', options, 'discriminator');
  const { discriminator, name = 'kl' } = options;
  return term({
    config: { kind: 'adversarial-kl', discriminator: discriminator.config, name },
    name,
    role: 'divergence',
    needs: ['posterior'],
    adversary: {
      parts: [discriminator],
      init: (key, x, z) => discriminator.init(key, x, z).params,
    },
    evaluate: (pass, adversary) => {
      const mode = { training: pass.training, key: fold(pass.key, name) };
      const { atPosterior, ...game } = contrast(
        discriminator,
        adversary,
        mode,
        pass.x,
        {
          posterior: () => pass.z,
          prior: () => pass.zPrior,
        },
        name,
      );
      return { ...game, cost: () => reshape(atPosterior(), [-1]) };
    },
  });
}

/** The kind of `adversarialKl`. */
export const adversarialKlKind: Kind<Term> = defineKind(
  'adversarial-kl',
  termCategory,
  { discriminator: nested, name: v.optional(v.string(), 'kl') },
  ({ discriminator, name }, registry) =>
    adversarialKl({ discriminator: registry.build(pairNetworkCategory, discriminator), name }),
);
