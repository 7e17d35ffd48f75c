import { defineKind, expectGiven, nested, type Kind } from '@elbo/core';
import { term, termCategory, type Term } from '@elbo/objectives';
import { costCategory, squaredEuclidean, type Cost } from './cost.js';

/** The options of `transportCost`. */
export interface TransportCostOptions {
  /** c; `squaredEuclidean()` by default. */
  readonly cost?: Cost;
}

/**
 * c(x, G(z)), `[B]`: the cost of moving x to what is made of its code, G(z) the mean of p(x|z) (Tolstikhin et al. 2018,
 * eq. 4). It ties the model to the data and is no quantity in nats, so that a model with it reports no ELBO.
 */
export function transportCost(options: TransportCostOptions = {}): Term<'posterior'> {
  expectGiven('transportCost', options);
  const { cost = squaredEuclidean() } = options;
  return term({
    config: { kind: 'transport-cost', cost: cost.config },
    name: 'cost',
    role: 'regulariser',
    needs: ['posterior'],
    onData: true,
    evaluate: (pass) => ({ cost: () => cost.of(pass.x, pass.likelihood.mean()) }),
  });
}

/** The kind of `transportCost`. */
export const transportCostKind: Kind<Term> = defineKind(
  'transport-cost',
  termCategory,
  { cost: nested },
  ({ cost }, registry) => transportCost({ cost: registry.build(costCategory, cost) }),
);
