import { selectBackend } from '@elbo/backends';
import { FileError } from '@elbo/core';
import type { Evaluation } from '@elbo/report';
import {
  keepEvaluation,
  rebuildReport,
  type CheckpointChoice,
  type RunDirectory,
} from '@elbo/runs';
import { disposeState } from '@elbo/training';
import { interrupted } from '../interrupt.js';
import type { Known } from '../known.js';
import { evaluationOf, lineOf, resultOf } from '../metrics/evaluation.js';
import { metricNamed, usualMetric, type MetricOptions } from '../metrics/index.js';
import type { Output } from '../output.js';
import { expectRoomToMeasure } from '../room.js';
import { openTrained } from '../trained.js';

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
  const chosen = flags.metric?.split(',').map((name) => metricNamed(name.trim()));
  const backend = await selectBackend({ backend: flags.backend ?? 'auto' });
  const trained = await openTrained(dir, flags, output, known);
  const { run, state } = trained;
  try {
    expectRoomToMeasure(trained, flags, backend.name);
    for (const metric of chosen ?? [usualMetric(trained)]) {
      const began = performance.now();
      const found = await metric(trained, flags, output);
      output.result({ run: run.dir, step: state.step, ...resultOf(found) });
      output.line(lineOf(found));
      const evaluation = evaluationOf(found, {
        step: state.step,
        options: flags,
        seconds: (performance.now() - began) / 1000,
        backend: `${backend.name} ${backend.version}`,
      });
      await keep(run, evaluation, output);
    }
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return interrupted;
    throw error;
  } finally {
    disposeState(state);
  }
  return 0;
}

/** Keeps what was found in the run and in its report; where that cannot be, it has been shown at least. */
async function keep(run: RunDirectory, evaluation: Evaluation, output: Output): Promise<void> {
  try {
    const warning = await keepEvaluation(run, evaluation);
    if (warning !== undefined) output.note(`Warning: ${warning}`);
    const report = await rebuildReport(run);
    output.note(
      report === undefined
        ? `Kept in evaluations.json; elbo train --resume ${run.dir} ends with a report that shows it.`
        : `Kept in evaluations.json and in ${report}`,
    );
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    output.note(`Warning: what was found is not in the run's report. ${error.message}`);
  }
}
