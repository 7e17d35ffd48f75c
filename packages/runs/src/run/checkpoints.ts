import { FileError } from '@elbo/core';
import { checkpointNames, decodeCheckpoint, type Checkpoint } from '@elbo/training';
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
