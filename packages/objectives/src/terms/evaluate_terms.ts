import type { Params } from '@elbo/core';
import { add, mean, mul, neg, scalar, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { checked } from '../checks/checked.js';
import { checkedCost, checkedScalar, checkedWeight } from '../checks/checked_term.js';
import { expectMembers } from '../checks/expect_members.js';
import { lazy } from '../model/lazy.js';
import type { Model } from '../model/model.js';
import type { ModelParams } from '../model/params.js';
import type { ForwardPass } from '../pass/forward_pass.js';
import { boundOf } from './bound.js';
import type { Part, Term } from './term.js';

/** One evaluation of a model's objective on one pass; only what is asked for is computed. */
export interface ObjectiveEvaluation {
  /** What the primal player minimises: the weighted sum of the terms' mean costs, of those that train `part` if it is named. */
  primal(part?: Part): Scalar;
  /** What the dual player minimises: the sum of the adversaries' losses. */
  dual(): Scalar;
  /** Mean costs, losses and metrics by name (`kl`, `kl/loss`, `kl/accuracy`), of what was evaluated, and `elbo` where the terms make one. */
  measure(players: {
    readonly primal: boolean;
    readonly dual: boolean;
  }): Readonly<Record<string, Scalar>>;
}

interface NamedEvaluation {
  readonly term: Term;
  readonly cost: () => Scalar;
  readonly loss: (() => Scalar) | undefined;
  readonly metrics: (() => Readonly<Record<string, Scalar>>) | undefined;
}

/** The parameters of the adversary that a term reads: its own, or another term's. */
function adversaryOf(term: Term, dual: ModelParams['dual']): Params {
  return dual[term.adversaryOf ?? term.name] ?? {};
}

function total(parts: readonly Scalar[]): Scalar {
  return parts.length === 0 ? scalar(0) : parts.reduce((a, b) => add(a, b));
}

/** Evaluates every term of a model on a forward pass. */
export function evaluateTerms(
  model: Model,
  { pass }: ForwardPass,
  dual: ModelParams['dual'],
): ObjectiveEvaluation {
  const evaluations: readonly NamedEvaluation[] = model.terms.map((term) => {
    const evaluated = term.evaluate(pass, adversaryOf(term, dual));
    expectMembers(evaluated, `The term '${term.name}': what its \`play\` gives`, 'cost');
    const { loss } = evaluated;
    return {
      term,
      cost: lazy(() => mean(checkedCost(evaluated.cost(), pass.x.shape[0], term.name))),
      loss: loss && lazy(() => checkedScalar(loss.call(evaluated), 'loss', term.name)),
      metrics: evaluated.metrics?.bind(evaluated),
    };
  });
  const bounding = boundOf(model.terms);
  const bound = evaluations.filter(({ term }) => bounding.includes(term));
  return {
    primal: (part) =>
      total(
        evaluations
          .filter(({ term }) => !part || !term.updates || term.updates.includes(part))
          .map(({ term, cost }) => {
            const factor =
              term.weight && checkedWeight(term.weight(pass.step), pass.step, term.name);
            return factor === undefined ? cost() : mul(cost(), factor);
          }),
      ),
    dual: () => total(evaluations.flatMap(({ loss }) => (loss ? [loss()] : []))),
    measure: (players) => {
      const measured: Record<string, Scalar> = {};
      if (players.primal && bound.length > 0)
        measured.elbo = neg(total(bound.map(({ cost }) => cost())));
      for (const { term, cost, loss, metrics } of evaluations) {
        if (players.primal) measured[term.name] = cost();
        if (!(loss ? players.dual : players.primal)) continue;
        if (loss) measured[`${term.name}/loss`] = loss();
        for (const [name, value] of Object.entries(metrics?.() ?? {}))
          measured[`${term.name}/${name}`] = checkedScalar(value, `metric '${name}'`, term.name);
      }
      return measured;
    },
  };
}

/** The ELBO of each row of a pass, `[B]`: the bound's terms, unreduced. */
export function elboOf(model: Model, { pass }: ForwardPass, dual: ModelParams['dual']): Tensor {
  const rows = pass.x.shape[0];
  const costs = boundOf(model.terms).map((term) =>
    checkedCost(term.evaluate(pass, adversaryOf(term, dual)).cost(), rows, term.name),
  );
  const names = boundOf(model.terms).map(({ name }) => `'${name}'`);
  return checked(
    neg(costs.reduce((a, b) => add(a, b))),
    [rows],
    `The ELBO of each row, by the terms ${names.join(' and ')},`,
  );
}
