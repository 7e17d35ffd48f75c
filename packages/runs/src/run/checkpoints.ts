import { FileError } from '@elbo/core';
import {
  bestCheckpointName,
  checkpointName,
  checkpointNames,
  decodeCheckpoint,
  type Checkpoint,
} from '@elbo/training';
import { join } from 'node:path';
import type { RunDirectory } from './run.js';

/** A run's checkpoint that was read and is whole. */
export interface FoundCheckpoint {
  /** The file's name in `checkpoints`. */
  readonly name: string;
  readonly checkpoint: Checkpoint;
  /** What is wrong with each newer file that was passed over. */
  readonly skipped: readonly string[];
}

/**
 * The newest checkpoint of a run that reads as a whole one.
 *
 * @throws FileError when the run has none, or none that is whole, with what is wrong with each.
 */
export async function latestCheckpoint(run: RunDirectory): Promise<FoundCheckpoint> {
  const names = checkpointNames(await run.checkpoints.list());
  const skipped: string[] = [];
  for (const name of [...names].reverse()) {
    try {
      const bytes = await run.checkpoints.read(name);
      const where = join(run.dir, 'checkpoints', name);
      return { name, checkpoint: decodeCheckpoint(bytes, where), skipped };
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      skipped.push(thrown.message);
    }
  }
  if (skipped.length === 0) {
    throw new FileError(
      `${run.dir} holds no checkpoint: the run ended before its first one. Train it again.`,
    );
  }
  throw new FileError(`${run.dir} holds no whole checkpoint.\n${skipped.join('\n')}`);
}

/** Which checkpoint of a run is meant: of its best step, its newest whole one, or that of a step. */
export type CheckpointChoice = 'best' | 'last' | number;

/** Whether a run has a checkpoint of its best step. */
export async function hasBestCheckpoint(run: RunDirectory): Promise<boolean> {
  return (await run.checkpoints.list()).includes(bestCheckpointName);
}

/**
 * A checkpoint of a run by choice.
 *
 * @throws FileError when the run has none that is meant, with those that it has, or it is not whole.
 */
export async function chosenCheckpoint(
  run: RunDirectory,
  choice: CheckpointChoice,
): Promise<FoundCheckpoint> {
  if (choice === 'last') return latestCheckpoint(run);
  const name = choice === 'best' ? bestCheckpointName : checkpointName(choice);
  const names = await run.checkpoints.list();
  if (!names.includes(name)) {
    const steps = checkpointNames(names).map((each) => parseInt(each));
    const has = [...(names.includes(bestCheckpointName) ? ['best'] : []), ...steps];
    throw new FileError(
      `${run.dir} holds no checkpoint ${choice === 'best' ? 'of a best step: patience or --keep best make one' : `of step ${choice}`}. It has ${has.join(', ') || 'none'}.`,
    );
  }
  const where = join(run.dir, 'checkpoints', name);
  return {
    name,
    checkpoint: decodeCheckpoint(await run.checkpoints.read(name), where),
    skipped: [],
  };
}
