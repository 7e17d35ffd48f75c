// Training that goes on from where a kill left it.
import { fourPixels } from '@elbo/datasets';
import {
  checkpointNames,
  decodeCheckpoint,
  disposeState,
  initialState,
  stateFrom,
  train,
} from '@elbo/training';
import { clockFrom } from './clock.mjs';

const logName = 'training.json';

/** The newest checkpoint as a state, or undefined; `like` says what it must hold. */
async function latest(store, like) {
  const name = checkpointNames(await store.list()).at(-1);
  if (name === undefined) return undefined;
  return stateFrom(decodeCheckpoint(await store.read(name), name), like, name);
}

/** What was reported up to `step`. */
async function reportsUntil(store, step) {
  if (!(await store.list()).includes(logName)) return [];
  const all = JSON.parse(new TextDecoder().decode(await store.read(logName)));
  return all.filter((entry) => entry.step <= step);
}

/**
 * Trains a model, or goes on with it, or finds it trained already.
 *
 * @param data The four images by default.
 * @param every Steps between checkpoints, what a kill costs, and between reports.
 * @param keep How many checkpoints stay.
 * @param store Keeps its checkpoints and its log.
 * @param onReport Called with each report.
 * @returns The final parameters, the caller's, the primal player's moving average where there is one; and the seconds
 * spent training, those before a kill included, by the clock and of a core.
 */
export async function trained(
  { model, training },
  { data = fourPixels(), every = 200, keep = 2, seed, store, onReport, signal },
) {
  const optimisers = { primal: training.primal, dual: training.dual ?? training.primal };
  const ema = training.ema !== undefined;
  const like = initialState(model, optimisers, { seed, x: data.shape, ema });
  const from = await latest(store, like).finally(() => disposeState(like));
  const log = await reportsUntil(store, from?.step ?? 0);
  const clock = clockFrom(log.at(-1));

  const run = train(model, data, {
    ...training,
    seed,
    every,
    checkpoint: { store, every, keep },
    config: { model: model.config, seed },
    ...(from && { from }),
    signal,
  });
  const note = async (entry) => {
    log.push({ ...entry, ...clock() });
    await store.write(logName, new TextEncoder().encode(JSON.stringify(log)));
  };
  try {
    for await (const { step, rate, metrics } of run) {
      await note({ step, metrics });
      onReport({ step, rate, metrics });
    }
    if (run.ended === 'aborted') await note({ step: run.state.step });
    signal.throwIfAborted();
    const { seconds, coreSeconds } = log.at(-1);
    const { params, ema: averaged } = run.take();
    return { params: { ...params, primal: averaged ?? params.primal }, seconds, coreSeconds };
  } catch (error) {
    run.dispose();
    throw error;
  }
}
