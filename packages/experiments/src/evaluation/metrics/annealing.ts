import {
  annealedLikelihood,
  bidirectionalLikelihood,
  simulate,
  type AnnealingOptions,
  type AnnealingState,
} from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import type { Host } from '../../host.js';
import type { RunWithData } from '../../use/load_run.js';
import { onRows } from '../../use/rows.js';
import type { Evaluated, Metric, MetricOptions } from '../metric.js';
import { stateIn } from './annealing_state.js';

/** Long work says where it stands so often, in milliseconds. */
const saveEvery = 5000;
/** Rows, where nothing else is asked for: each takes some seconds. */
const usualRows = 20;

/** log p(x) of held-out rows by annealed importance sampling: in expectation from below. */
export const ais: Metric = (trained, options, host) => {
  const { model, params, sets } = trained;
  const { rows = usualRows, seed } = options;
  const noise = fold(key(seed), 'ais');
  return onRows(sets.test, { count: rows, noise, model }, async (batch) =>
    resumable('ais', trained, options, host, async (annealing) => {
      const found = await annealedLikelihood(model, params.primal, batch, {
        ...annealing,
        key: noise,
      });
      const mean = (values: Float64Array): number =>
        values.reduce((a, b) => a + b, 0) / values.length;
      return {
        rows: batch.x.shape[0],
        perRow: found.logLikelihood,
        logLikelihood: found.mean,
        standardError: found.error,
        samplingError: found.samplingError,
        effectiveChains: mean(found.effectiveChains),
        acceptance: mean(found.acceptance),
      };
    }),
  );
};

/** How much `ais` with these options misses, on rows that the model made: bounds on log p(x) from both sides. */
export const bdmc: Metric = (trained, options, host) => {
  const { model, params } = trained;
  const { rows = usualRows, seed } = options;
  const noise = fold(key(seed), 'bdmc');
  return resumable('bdmc', trained, options, host, async (annealing) => {
    const made = simulate(model, params.primal, noise, rows);
    try {
      const found = await bidirectionalLikelihood(model, params.primal, made, {
        ...annealing,
        key: noise,
      });
      const { gap, acceptance, lower, upper } = found;
      const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / rows;
      return {
        rows,
        lower: mean(lower),
        upper: mean(upper),
        gap: gap.mean,
        gapError: gap.error,
        acceptance,
      };
    } finally {
      dispose([made.batch.x, made.z]);
    }
  });
};

/**
 * Long work that goes on where it stood when the same is asked for again: its state is kept in the run, and removed at the
 * end. An interrupt saves it and rejects with the signal's reason.
 */
async function resumable(
  metric: string,
  { run, model, step }: RunWithData,
  { rows = usualRows, chains, temperatures, seed }: MetricOptions,
  host: Host,
  work: (options: Omit<AnnealingOptions, 'key'>) => Promise<Omit<Evaluated, 'metric'>>,
): Promise<Evaluated> {
  const name = `${metric}-in-progress.json`;
  const question = { step, rows, chains, temperatures, seed };
  const from = await stateIn(run.files, name, {
    question,
    latents: model.prior.dim,
    note: host.note,
  });
  if (from) host.note(`Continuing the ${metric} that was interrupted.`);
  let last: AnnealingState | undefined;
  const save = async (): Promise<void> => {
    const kept = JSON.stringify({ question, state: last });
    if (last) await run.files.write(name, new TextEncoder().encode(kept));
  };
  let saved = Date.now();
  let writing: Promise<void> = Promise.resolve();
  const bar = host.progress(rows);
  try {
    const found = await work({
      chains,
      temperatures,
      ...(from && { from }),
      ...(host.signal && { signal: host.signal }),
      onProgress: (share) => {
        bar.update(Math.round(share * rows), 'rows');
      },
      onState: (state) => {
        last = state;
        if (Date.now() - saved < saveEvery) return;
        saved = Date.now();
        writing = writing.then(save);
      },
    });
    await writing;
    if ((await run.files.list()).includes(name)) await run.files.remove(name);
    return { metric, chains, temperatures, ...found };
  } catch (error) {
    await writing;
    await save();
    throw error;
  } finally {
    bar.stop();
  }
}
