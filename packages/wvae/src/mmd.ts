import { defineKind, expectGiven, type Kind } from '@elbo/core';
import {
  kernelOf,
  mmd2,
  term,
  termCategory,
  type KernelOptions,
  type Term,
} from '@elbo/objectives';
import * as v from 'valibot';
import { aggregate, aggregateEntries, type AggregateOptions } from './aggregate.js';

/** The options of `mmd`. */
export type MmdOptions = AggregateOptions & KernelOptions;

/**
 * The squared maximum mean discrepancy of the aggregate posterior q(z) = E q(z|x) and the prior, from a minibatch's
 * codes and as many draws of the prior: the unbiased U-statistic, which may be negative (Tolstikhin et al. 2018,
 * algorithm 2).
 *
 * @throws ConfigError for a kernel that is none, and in use for a part that the prior does not have.
 */
export function mmd(options: MmdOptions = {}): Term<'posterior'> {
  expectGiven('mmd', options);
  const kernel = kernelOf(options);
  const { name, config, samples } = aggregate(options, 'mmd');
  return term({
    config: { kind: 'mmd', ...config, ...kernel },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    // The similarities of codes, of draws, and of both.
    coupling: { least: 2, pairs: 3 },
    evaluate: (pass) => ({
      cost: () => {
        const { codes, draws } = samples(pass);
        return mmd2(codes, draws, kernel);
      },
    }),
  });
}

/** The kind of `mmd`. */
export const mmdKind: Kind<Term> = defineKind(
  'mmd',
  termCategory,
  {
    ...aggregateEntries,
    kernel: v.exactOptional(v.picklist(['imq', 'rbf'])),
    variance: v.exactOptional(v.number()),
    factors: v.exactOptional(v.array(v.number())),
  },
  mmd,
);
