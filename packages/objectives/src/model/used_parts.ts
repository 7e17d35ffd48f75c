import { isLearned } from '../priors/learned_prior.js';
import { hasElbo } from '../terms/bound.js';
import { hasAdversary, type Model } from './model.js';

/**
 * What of a model's parameters it is used by: the primal player's parts, and the adversaries where its ELBO is what they estimate.
 */
export function usedParts(model: Model): readonly string[] {
  const { encoder, prior } = model;
  return [
    ...(encoder ? ['encoder'] : []),
    'decoder',
    ...(isLearned(prior) ? ['prior'] : []),
    ...(hasElbo(model) && hasAdversary(model) ? ['dual'] : []),
  ];
}
