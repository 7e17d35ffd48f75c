// The bounds that a rerun has to keep.
import { mean } from '../../common/figures.js';
import { atLeast, atMost, within, type Bound } from '../../common/gates.js';
import type { Name } from './models.js';
import type { Doctor, ModelGate, Quantity, Run } from './result.js';

type Bounds = Readonly<Partial<Record<Quantity, Bound>>>;

/** What must hold for a measurement to count. */
const counts: Bounds = { disagreement: atMost(0.002), violation: atMost(0.002) };

/** What must hold of the mean over seeds, by model and quantity. */
export const required: Readonly<Record<Name, Bounds>> = {
  vae: { logLikelihood: within(-1.57, 0.01), ...counts },
  avb: {
    logLikelihood: atLeast(-1.4),
    perPixel: atMost(0.005),
    elbo: atLeast(-1.405),
    aggregate: atMost(0.012),
    excess: within(0, 0.005),
    ...counts,
  },
  'avb-adaptive': counts,
  'avb-anchored': counts,
};

/** What the doctor must hold of each model: the true ELBO, by nearest neighbours, lies in its interval. */
export const covers = ({ interval }: Doctor, elbo: number): boolean =>
  interval[0] <= elbo && elbo <= interval[1];

/** Whether each bound on a model's mean over seeds holds. */
export function gatesOf(model: Name, runs: readonly Run[]): readonly ModelGate[] {
  return (Object.entries(required[model]) as [Quantity, Bound][]).map(([quantity, bound]) => {
    const value = mean(runs.map((run) => run[quantity]));
    return { model, quantity, value, required: bound.text, holds: bound.holds(value) };
  });
}
