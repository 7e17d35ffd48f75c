import type { Model } from '../model/model.js';
import type { Role, Term } from './term.js';

/**
 * The terms whose unweighted costs add up to minus the ELBO: a bound, or a reconstruction and divergences. There are none
 * where either is missing: a reconstruction alone, as an adversarial autoencoder's, bounds nothing.
 */
export function boundOf(terms: readonly Term[]): readonly Term[] {
  const has = (wanted: Role): boolean => terms.some(({ role }) => role === wanted);
  const bounds = has('bound') || (has('reconstruction') && has('divergence'));
  return bounds ? terms.filter(({ role }) => role !== 'regulariser') : [];
}

/** Whether the terms of a model make an ELBO, which its metrics then report. */
export function hasElbo({ terms }: Pick<Model, 'terms'>): boolean {
  return boundOf(terms).length > 0;
}
