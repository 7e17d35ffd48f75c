import type { Model, Term } from '@elbo/objectives';

/** The divergence of a model that a discriminator estimates, if it has one. */
export function adversarialDivergence({ terms }: Model): Term | undefined {
  return terms.find(({ adversary, role }) => adversary && role === 'divergence');
}
