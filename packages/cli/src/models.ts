import type { Model } from '@elbo/objectives';

/** Whether a model has an adversary. */
export function hasAdversary(model: Model): boolean {
  return model.terms.some((term) => term.adversary);
}
