import { defineKind, expectGiven, type Kind } from '@elbo/core';
import {
  lazy,
  sinkhornDivergence,
  sinkhornRules,
  term,
  termCategory,
  type SinkhornOptions,
  type Term,
} from '@elbo/objectives';
import * as v from 'valibot';
import { aggregate, aggregateEntries, type AggregateOptions } from './aggregate.js';

/** The options of `sinkhorn`. */
export type SinkhornTermOptions = AggregateOptions & SinkhornOptions;

/**
 * The debiased Sinkhorn divergence of the aggregate posterior and the prior, near W₂² at small ε, from a minibatch's
 * codes and as many draws of the prior (Patrini et al. 2020, eq. 9). Its metric `violation` says how far the iterations
 * of all three transports were from their end.
 *
 * Between two samples of one distribution it is above 0: about the distance between minibatches, which falls slowly with
 * their size where z has many dimensions.
 *
 * @throws ConfigError for options that make no sense, and in use for a part that the prior does not have.
 */
export function sinkhorn(options: SinkhornTermOptions = {}): Term<'posterior'> {
  expectGiven('sinkhorn', options);
  const rules = sinkhornRules(options);
  const { name, config, samples } = aggregate(options, 'sinkhorn');
  return term({
    config: { kind: 'sinkhorn', ...config, ...rules },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    // The costs between codes and draws, and within both.
    coupling: { least: 1, pairs: 3 },
    better: { violation: 'lower' },
    evaluate: (pass) => {
      const found = lazy(() => {
        const { codes, draws } = samples(pass);
        return sinkhornDivergence(codes, draws, rules);
      });
      return { cost: () => found().value, metrics: () => ({ violation: found().violation }) };
    },
  });
}

/** The kind of `sinkhorn`. */
export const sinkhornKind: Kind<Term> = defineKind(
  'sinkhorn',
  termCategory,
  {
    ...aggregateEntries,
    epsilon: v.exactOptional(v.number()),
    relative: v.exactOptional(v.boolean()),
    iterations: v.exactOptional(v.number()),
  },
  sinkhorn,
);
