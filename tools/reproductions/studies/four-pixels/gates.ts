// The bounds that a rerun has to keep.
import { atLeast, atMost, gate, within, type Bound, type Gate } from '../../common/gates.js';
import { around, exactly, overSeeds } from '../../common/intervals.js';
import type { Name } from './models.js';
import type { ByModel, Doctor, Quantity, Run } from './result.js';

type Bounds = Readonly<Partial<Record<Quantity, Bound>>>;

/** What must hold of the mean over seeds, by model and quantity. */
const required: Readonly<Record<Name, Bounds>> = {
  vae: { logLikelihood: within(-1.57, 0.01) },
  avb: {
    logLikelihood: atLeast(-1.4),
    perPixel: atMost(0.005),
    elbo: atLeast(-1.405),
    aggregate: atMost(0.012),
  },
  'avb-adaptive': {},
  'avb-anchored': {},
};

/** What T may say of the ELBO beyond the true one, in nats: of each seed, as errors of both signs cancel in a mean. */
export const excessMatters = 0.005;
export const excessBound: Bound = within(0, excessMatters);
const excessGated: readonly Name[] = ['vae', 'avb'];

/** What must hold of a quantity, in words. */
export const requiredOf = (model: Name, quantity: Quantity): string =>
  quantity === 'excess' && excessGated.includes(model)
    ? `${excessBound.text}, each seed`
    : (required[model][quantity]?.text ?? '');

/** What must hold for a measurement to count. */
const counts: Bounds = { disagreement: atMost(0.002), violation: atMost(0.002) };

/** What the doctor must hold of each model: the true ELBO, by nearest neighbours, lies in its interval. */
export const covers = ({ interval }: Doctor, elbo: number): boolean =>
  interval[0] <= elbo && elbo <= interval[1];

/** The excess of a run is known but for what its divergences change from 300,000 draws to a million. */
export const excessGate = (title: string, { seed, excess, disagreement }: Run): Gate =>
  gate(`${title} excess of seed ${seed}`, around(excess, disagreement), excessBound);

function gatesOfModel(model: Name, runs: readonly Run[]): readonly Gate[] {
  const title = model.toUpperCase();
  const entries = (bounds: Bounds): readonly [Quantity, Bound][] =>
    Object.entries(bounds) as [Quantity, Bound][];
  return [
    ...entries(required[model]).map(([quantity, bound]) =>
      gate(`${title} ${quantity}`, overSeeds(runs.map((run) => run[quantity])), bound),
    ),
    ...(excessGated.includes(model) ? runs.map((run) => excessGate(title, run)) : []),
    ...entries(counts).flatMap(([quantity, bound]) =>
      runs.map((run) =>
        gate(`${title} ${quantity} of seed ${run.seed}`, exactly(run[quantity]), bound),
      ),
    ),
  ];
}

/** Everything that is required of the table. */
export const gatesOf = (models: ByModel): readonly Gate[] =>
  (Object.entries(models) as [Name, readonly Run[]][]).flatMap(([name, runs]) =>
    gatesOfModel(name, runs),
  );
