import { standardNormal, type Prior } from '@elbo/core';
import { learnedGaussianMixture, vampPrior } from '@elbo/objectives';

/** The names of the priors that `priorFor` makes. */
export const priorNames = ['normal', 'mixture', 'vamp'] as const;

/** What `priorFor` chooses by. */
export interface PriorForOptions {
  readonly prior: (typeof priorNames)[number];
  readonly latent: number;
  /** Of a learned mixture, or pseudo-inputs of a VampPrior. */
  readonly components: number;
  /** Whether the data are in [0, 1]. */
  readonly unit: boolean;
}

/** A prior by name: the standard normal, a learned mixture of normals, or a VampPrior. */
export function priorFor({ prior, latent, components, unit }: PriorForOptions): Prior {
  switch (prior) {
    case 'normal':
      return standardNormal(latent);
    case 'mixture':
      return learnedGaussianMixture({ dim: latent, components });
    case 'vamp':
      return vampPrior({ dim: latent, components, unit });
  }
}
