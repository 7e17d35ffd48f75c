import {
  asSchedule,
  buildSchedule,
  defineKind,
  nested,
  scheduleConfig,
  scheduled,
  type Kind,
  type Schedule,
} from '@elbo/core';
import type { Ability } from '../pass/posterior.js';
import { termCategory, type Term } from './term.js';

/**
 * The same term with its cost multiplied in the objective; the reported ELBO stays unweighted. β·KL is
 * `weight(kl(), β)` (Higgins et al. 2017), and with `cyclical` it is annealed as in Fu et al. 2019.
 *
 * @example
 * ```ts
 * import { linear } from '@elbo/core';
 * import { kl, weight } from '@elbo/objectives';
 *
 * const annealed = weight(kl(), linear({ steps: 1000 }));
 * console.log(annealed.name, annealed.weight!(250)); // kl 0.25
 * ```
 */
export function weight<A extends Ability>(term: Term<A>, factor: number | Schedule): Term<A> {
  const schedule = asSchedule(factor);
  const inner = term.weight;
  return {
    ...term,
    config: { kind: 'weight', term: term.config, factor: scheduleConfig(factor) },
    weight: (step) => schedule.at(step) * (inner ? inner(step) : 1),
  };
}

/** The kind of `weight`. */
export const weightKind: Kind<Term> = defineKind(
  'weight',
  termCategory,
  { term: nested, factor: scheduled },
  (options, registry) =>
    weight(registry.build(termCategory, options.term), buildSchedule(options.factor, registry)),
);
