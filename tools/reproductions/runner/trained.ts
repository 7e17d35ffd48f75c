// Training that goes on from where a kill left it.
import { join } from 'node:path';
import { disposeTree, type Store } from '@elbo/core';
import { fileStore } from '@elbo/files';
import type { Model, ModelParams } from '@elbo/objectives';
import {
  checkpointNames,
  decodeCheckpoint,
  disposeState,
  initialState,
  stateFrom,
  train,
  type State,
} from '@elbo/training';
import { clockFrom, type Spent } from './clock.js';
import { fingerprint, type Setting } from './setting.js';
import type { Context } from './study.js';

/** A trained model, and what it cost, steps before a kill included. */
export interface Trained extends Spent {
  readonly model: Model;
  /** Lent; the primal player's are their moving average where there is one. */
  readonly params: ModelParams;
  readonly steps: number;
  /** The folder of its checkpoints, and that as a store. */
  readonly folder: string;
  readonly store: Store;
}

/** How one model of a study is trained. */
export interface Training extends Context {
  readonly seed: number;
  /** Steps between reports, and between checkpoints, which is what a kill costs. */
  readonly every?: number;
  /** How many checkpoints stay. */
  readonly keep?: number;
}

/** A line of the log that is kept beside the checkpoints. */
interface Entry extends Spent {
  readonly step: number;
  readonly metrics?: Readonly<Record<string, number>>;
}

const logName = 'training.json';

/** The state before the first step, which says what a checkpoint must hold: the caller's. */
export function blankState({ model, data, training }: Setting, seed: number): State {
  const optimisers = { primal: training.primal, dual: training.dual ?? training.primal };
  return initialState(model, optimisers, {
    seed,
    x: data.shape,
    ema: training.ema !== undefined,
  });
}

/** The newest checkpoint as a state, or undefined. */
async function latest(store: Store, setting: Setting, seed: number): Promise<State | undefined> {
  const name = checkpointNames(await store.list()).at(-1);
  if (name === undefined) return undefined;
  const like = blankState(setting, seed);
  try {
    return stateFrom(decodeCheckpoint(await store.read(name), name), like, name);
  } finally {
    disposeState(like);
  }
}

/** What was reported up to `step`. */
async function entriesUntil(store: Store, step: number): Promise<Entry[]> {
  if (!(await store.list()).includes(logName)) return [];
  const all = JSON.parse(new TextDecoder().decode(await store.read(logName))) as Entry[];
  return all.filter((entry) => entry.step <= step);
}

/** Trains a model, or goes on with it, or finds it trained already. The parameters are the caller's. */
async function trained(
  setting: Setting,
  store: Store,
  { seed, every, keep, log, signal }: Required<Training>,
): Promise<{ readonly params: ModelParams } & Spent> {
  const { model, data, training } = setting;
  const from = await latest(store, setting, seed);
  const entries = await entriesUntil(store, from?.step ?? 0);
  const clock = clockFrom(entries.at(-1));
  const run = train(model, data, {
    ...training,
    seed,
    every,
    checkpoint: { store, every, keep },
    config: { model: model.config, seed },
    ...(from && { from }),
    signal,
  });
  const note = async (entry: Omit<Entry, keyof Spent>): Promise<void> => {
    entries.push({ ...entry, ...clock() });
    await store.write(logName, new TextEncoder().encode(JSON.stringify(entries)));
  };
  try {
    for await (const { step, rate, metrics } of run) {
      await note({ step, metrics });
      const minutes = (training.steps - step) / rate / 60;
      const elbo = metrics.elbo === undefined ? '' : `, ELBO ${metrics.elbo.toFixed(3)}`;
      log(
        `step ${step} of ${training.steps}${elbo}, ${rate.toFixed(1)} steps/s, ${minutes.toFixed(0)} min left`,
      );
    }
    if (run.ended === 'aborted') await note({ step: run.state.step });
    signal.throwIfAborted();
    const { seconds, coreSeconds } = entries.at(-1)!;
    const { params, ema } = run.take();
    return { params: { ...params, primal: ema ?? params.primal }, seconds, coreSeconds };
  } catch (error) {
    run.dispose();
    throw error;
  }
}

/** Trains a model into a folder that is named after it and its setting, or goes on there, and lends it to `use`. */
export async function withTrained<T>(
  name: string,
  setting: Setting,
  { every = 500, keep = 2, ...how }: Training,
  use: (trained: Trained) => T | Promise<T>,
): Promise<T> {
  const folder = join(how.out, `${name}-${how.seed}-${fingerprint(setting)}`);
  const store = fileStore(folder);
  const log = (message: string): void => {
    how.log(`${name}, seed ${how.seed}: ${message}`);
  };
  const { params, ...spent } = await trained(setting, store, { ...how, every, keep, log });
  try {
    const { model, training } = setting;
    return await use({ model, params, steps: training.steps, folder, store, ...spent });
  } finally {
    disposeTree(params.primal);
    disposeTree(params.dual);
  }
}
