import { defineKind, expectGiven, type Kind } from '@elbo/core';
import { sub, type Tensor1D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Pass } from '../pass/pass.js';
import { term, termCategory, type Term } from './term.js';

/** How `kl` is computed. */
export interface KlOptions {
  /** `exact`: in closed form where the posterior knows one for the prior, else by `sample`. `sample`: log q(z) − log p(z) at the pass's z. */
  readonly estimator?: 'exact' | 'sample';
}

/** KL(q(z|x) ‖ p(z)) in nats, `[B]`, for an explicit posterior (Kingma & Welling 2013, eq. 3). */
export function kl(options: KlOptions = {}): Term<'posterior' | 'logProb'> {
  expectGiven('kl', options);
  const { estimator = 'exact' } = options;
  return term({
    config: { kind: 'kl', estimator },
    name: 'kl',
    role: 'divergence',
    needs: ['posterior', 'logProb'],
    evaluate: (pass) => ({ cost: () => klOf(pass, estimator) }),
  });
}

/** KL(q(z|x) ‖ p(z)) in nats, `[B]`, as `kl` computes it. */
export function klOf(
  pass: Pass<'posterior' | 'logProb'>,
  estimator: KlOptions['estimator'] = 'exact',
): Tensor1D {
  const closed = estimator === 'exact' ? pass.posterior.kl?.(pass.prior) : undefined;
  return closed ?? sub(pass.posterior.logProb(pass.z), pass.prior.logProb(pass.z));
}

/** The kind of `kl`. */
export const klKind: Kind<Term> = defineKind(
  'kl',
  termCategory,
  { estimator: v.optional(v.picklist(['exact', 'sample']), 'exact') },
  kl,
);
