import { CompositionError, ConfigError, defineKind, expectGiven, type Kind } from '@elbo/core';
import { mean, relu, reshape, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Pass } from '../pass/pass.js';
import { klOf } from './kl.js';
import { term, termCategory, type Term } from './term.js';

/** How much of the KL is free. */
export interface FreeBitsOptions {
  /** λ, the nats below which a group's KL is not lowered any further. */
  readonly nats: number;
  /** How many groups of neighbouring dimensions z is cut into: one for each dimension by default; 1 is all of z. */
  readonly groups?: number;
}

/**
 * Free bits (Kingma et al. 2016, eq. 15): beside `kl` it makes Σ_j max(λ, E KL_j) of the KL in the objective, with KL_j
 * that of a group of dimensions and E the mean over the minibatch. Its own cost is what is lacking, Σ_j max(0, λ − E KL_j):
 * no part of the bound, so that the reported ELBO stays what it is. Weigh it as the KL is weighed.
 *
 * More groups than one need a posterior and a prior whose KL is a sum over dimensions in closed form: a diagonal normal
 * and the standard normal.
 *
 * @throws ConfigError unless `nats` is positive and `groups` a whole number from 1.
 */
export function freeBits(options: FreeBitsOptions): Term<'posterior' | 'logProb'> {
  expectGiven('freeBits', options, 'nats');
  const { nats, groups } = options;
  if (!(nats > 0)) throw new ConfigError(`freeBits: 'nats' must be above 0, not ${nats}.`);
  if (groups !== undefined && !(Number.isInteger(groups) && groups > 0))
    throw new ConfigError(
      `freeBits: 'groups' must be a whole number of at least 1, not ${groups}.`,
    );
  return term({
    config: { kind: 'free-bits', nats, ...(groups !== undefined && { groups }) },
    name: 'free-bits',
    role: 'regulariser',
    needs: ['posterior', 'logProb'],
    // The minibatch's mean is inside the maximum.
    coupling: { least: 1 },
    evaluate: (pass) => ({
      cost: () => {
        const ofGroups = groups === 1 ? klOf(pass) : klOfGroups(pass, groups ?? pass.prior.dim);
        return sum(relu(sub(nats, mean(ofGroups, 0))));
      },
    }),
  });
}

/** The KL of each group of dimensions in nats, `[B, groups]`. */
function klOfGroups(pass: Pass<'posterior' | 'logProb'>, groups: number): Tensor {
  const { dim, config } = pass.prior;
  if (dim % groups !== 0)
    throw new CompositionError(
      `freeBits: ${dim} dimensions of z cannot be cut into ${groups} equal groups.`,
    );
  const ofDimensions = pass.posterior.klOfDimensions?.(pass.prior);
  if (!ofDimensions)
    throw new CompositionError(
      `freeBits: the KL of this posterior to the prior '${config.kind}' is not a sum over dimensions; use groups: 1, or a diagonal Gaussian encoder and a standard normal prior.`,
    );
  return sum(reshape(ofDimensions, [-1, groups, dim / groups]), 2);
}

/** The kind of `freeBits`. */
export const freeBitsKind: Kind<Term> = defineKind(
  'free-bits',
  termCategory,
  { nats: v.number(), groups: v.exactOptional(v.number()) },
  freeBits,
);
