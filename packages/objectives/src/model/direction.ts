import { boundOf } from '../terms/bound.js';
import type { Direction, Term } from '../terms/term.js';
import type { Model } from './model.js';

type WithTerms = Pick<Model, 'terms'>;

/**
 * Which way a metric of a model is better: `elbo` higher, the cost of a term lower, and what else a term measures as it
 * says itself. `undefined` where neither is: an adversary's loss or accuracy tells how the game stands, and not how good
 * the model is.
 */
export function directionOf({ terms }: WithTerms, metric: string): Direction | undefined {
  if (metric === 'elbo') return boundOf(terms).length > 0 ? 'higher' : undefined;
  for (const { name, better } of terms) {
    if (metric === name) return 'lower';
    const own = metric.startsWith(`${name}/`) ? metric.slice(name.length + 1) : undefined;
    if (own !== undefined && better && Object.hasOwn(better, own)) return better[own];
  }
  return undefined;
}

/**
 * The terms whose adversaries estimate a metric; none where it owes nothing to one. Such a figure compares no two steps
 * of a run: it is best where the adversary errs most.
 */
export function estimatorsOf({ terms }: WithTerms, metric: string): readonly string[] {
  const of = metric === 'elbo' ? boundOf(terms) : terms.filter((term) => isOf(term, metric));
  return of
    .filter(({ adversary, adversaryOf }) => adversary ?? adversaryOf)
    .map(({ name, adversaryOf }) => adversaryOf ?? name);
}

function isOf({ name }: Term, metric: string): boolean {
  return metric === name || metric.startsWith(`${name}/`);
}

/** The metrics by which two steps of a run can be compared: each has a direction, and no adversary estimates it. */
export function comparableMetrics(model: WithTerms): readonly string[] {
  const all = [
    'elbo',
    ...model.terms.flatMap(({ name, better = {} }) => [
      name,
      ...Object.keys(better).map((own) => `${name}/${own}`),
    ]),
  ];
  return all.filter(
    (metric) =>
      directionOf(model, metric) !== undefined && estimatorsOf(model, metric).length === 0,
  );
}
