import type { RunDirectory } from '@elbo/runs';
import type { State, TrainingConfig } from '@elbo/training';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How a run that has come to its end did so; `undefined` when there is more to train. */
export function endingOf(state: State, training: TrainingConfig): 'steps' | 'early' | undefined {
  if (state.step >= training.steps) return 'steps';
  const { patience } = training;
  return patience !== undefined && (state.best?.waited ?? 0) >= patience ? 'early' : undefined;
}

/** The path of a run's report, when there is one that was drawn after a file of the run was written. */
export async function reportAfter(run: RunDirectory, file: string): Promise<string | undefined> {
  const report = join(run.dir, 'report.html');
  const written = await Promise.all([stat(report), stat(file)]).catch(() => undefined);
  return written && written[0].mtimeMs >= written[1].mtimeMs ? report : undefined;
}
