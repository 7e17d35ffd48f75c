import {
  keep,
  measure,
  isResumable,
  lineOf,
  metricNamed,
  loadRunWithData,
  resultOf,
  type Known,
  type Measured,
  type MetricOptions,
  type RunWithData,
} from '@elbo/experiments';
import type { CheckpointChoice } from '@elbo/runs';
import { interrupted, onInterrupt } from '../interrupt.js';
import type { Output } from '../output.js';

/** The options of `elbo evaluate`. */
export interface EvaluateFlags extends MetricOptions {
  /** Names with commas between; by default what suits the model. */
  readonly metric?: string;
  readonly dataDir?: string;
  readonly checkpoint?: CheckpointChoice;
  readonly backend?: string;
}

/** `elbo evaluate RUN`: figures of a trained model on held-out rows, which the run keeps. Gives the exit status. */
export async function evaluateCommand(
  dir: string,
  flags: EvaluateFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const chosen = flags.metric?.split(',').map((name) => name.trim());
  // A wrong name should not wait for a model and its data.
  chosen?.forEach(metricNamed);
  const trained = await loadRunWithData(dir, flags, known, output);
  try {
    for (const metric of chosen ?? [undefined]) await show(trained, metric, flags, output);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return interrupted;
    throw error;
  } finally {
    trained.dispose();
  }
  return 0;
}

/** Measures, shows what was found, and only then keeps it: nothing that fails on the way loses the figures. */
async function show(
  trained: RunWithData,
  metric: string | undefined,
  flags: EvaluateFlags,
  output: Output,
): Promise<void> {
  const { run, step } = trained;
  // What cannot be gone on with is ended by the first interrupt.
  const interrupt =
    metric !== undefined && isResumable(metric)
      ? onInterrupt(() => {
          output.note('Interrupted: run the same command again to continue.');
        })
      : undefined;
  let measured: Measured;
  try {
    const host = { ...output, signal: interrupt?.signal };
    measured = await measure(trained, metric, flags, host);
  } finally {
    interrupt?.release();
  }
  const { found } = measured;
  output.result({ run: run.dir, step, ...resultOf(found) });
  output.line(lineOf(found));
  const { unkept, report } = await keep(trained, measured, output);
  if (unkept !== undefined)
    output.note(`Warning: the results are not in the run's report. ${unkept}`);
  else
    output.note(
      report === undefined
        ? `Saved in evaluations.json; elbo train --resume ${run.dir} ends with a report that shows it.`
        : `Saved in evaluations.json and in ${report}`,
    );
}
