import { readNotes, type RunDirectory } from '@elbo/runs';
import type { State, TrainingConfig } from '@elbo/training';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How a run that has come to its end did so; `undefined` when there is more to train. */
export function endingOf(state: State, training: TrainingConfig): 'steps' | 'early' | undefined {
  if (state.step >= training.steps) return 'steps';
  const { patience } = training;
  return patience !== undefined && (state.best?.waited ?? 0) >= patience ? 'early' : undefined;
}

/**
 * The path of a run's last report, when there is one that was drawn after a file of the run was written. Its notes say
 * when: the page itself is made again for every evaluation.
 */
export async function reportAfter(run: RunDirectory, file: string): Promise<string | undefined> {
  const report = join(run.dir, 'report.html');
  const times = await Promise.all(
    [report, join(run.dir, 'report.json'), file].map((path) => stat(path)),
  ).catch(() => undefined);
  if (!times || times[1]!.mtimeMs < times[2]!.mtimeMs) return undefined;
  const notes = await readNotes(run).catch(() => undefined);
  return notes && notes.stage === undefined ? report : undefined;
}
