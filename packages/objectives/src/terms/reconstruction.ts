import { defineKind, type Kind } from '@elbo/core';
import { neg } from '@tensorflow/tfjs-core';
import { term, termCategory, type Term } from './term.js';

/** −log p(x|z) in nats, `[B]`: the reconstruction half of the ELBO (Kingma & Welling 2013, eq. 3). */
export function reconstruction(): Term<'posterior'> {
  return term({
    config: { kind: 'reconstruction' },
    name: 'reconstruction',
    role: 'reconstruction',
    needs: ['posterior'],
    evaluate: (pass) => ({ cost: () => neg(pass.likelihood.logProb(pass.x)) }),
  });
}

/** The kind of `reconstruction`. */
export const reconstructionKind: Kind<Term> = defineKind('reconstruction', termCategory, {}, () =>
  reconstruction(),
);
