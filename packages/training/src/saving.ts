import { ElboError, MemoryError, messageOf } from '@elbo/core';
import {
  bestCheckpointName,
  checkpointName,
  checkpointNames,
  encodeCheckpoint,
} from './checkpoint.js';
import type { TrainOptions } from './options.js';
import type { State } from './state.js';

/** How a run keeps what it has. */
export interface Saving {
  /** Writes a state, unless it is the one that was written last, and removes the oldest. */
  save(state: State): Promise<void>;
  /** Writes a state as that of the best step. */
  best(state: State): Promise<void>;
  /**
   * Saves what a run has that cannot go on because of an error.
   *
   * @throws ElboError that says both, if that fails too.
   */
  before(error: unknown, state: State): Promise<void>;
  /** Saves what there was before a step for which there is no memory, and says so. */
  outOfMemory(error: unknown, state: State): Promise<MemoryError>;
}

/** Saves as the options of a run say, if they do; `sums` are those of the steps since the last report. */
export function savingOf(
  { checkpoint, seed, config = null, from }: TrainOptions,
  sums: () => Promise<State['sums']>,
): Saving {
  let saved = from?.step;

  const bytesOf = async (state: State): Promise<Uint8Array> =>
    encodeCheckpoint({ ...state, sums: await sums() }, { seed, config });

  const save = async (state: State): Promise<void> => {
    if (!checkpoint) return;
    const { store, keep = 3 } = checkpoint;
    if (saved !== state.step) await store.write(checkpointName(state.step), await bytesOf(state));
    saved = state.step;
    // Also when nothing was to be written: a process that was killed may have written it, and removed none.
    for (const name of checkpointNames(await store.list()).slice(0, -keep))
      await store.remove(name);
  };

  const before = (error: unknown, state: State): Promise<void> =>
    save(state).catch((unsaved: unknown) => {
      throw new ElboError(`${messageOf(error)} Saving failed too: ${messageOf(unsaved)}`, {
        cause: error,
      });
    });

  return {
    save,
    before,
    best: async (state) => {
      if (checkpoint && checkpoint.best !== false)
        await checkpoint.store.write(bestCheckpointName, await bytesOf(state));
    },
    outOfMemory: async (error, state) => {
      await before(error, state);
      const { step } = state;
      const kept =
        step === 0
          ? 'it is the first step, so nothing is lost'
          : checkpoint
            ? `the state after step ${step} is saved as a checkpoint`
            : 'nothing is saved, because checkpoints are off';
      return new MemoryError(
        `Out of memory at step ${step + 1}; ${kept}. Use a smaller batch or network, or a backend with more memory. (${messageOf(error)})`,
        { cause: error },
      );
    },
  };
}
