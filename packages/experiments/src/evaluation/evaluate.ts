import { FileError } from '@elbo/core';
import type { Evaluation } from '@elbo/report';
import { keepEvaluation, rebuildReport, type RunDirectory } from '@elbo/runs';
import type { Host } from '../host.js';
import { expectRoomToMeasure } from '../room.js';
import type { RunWithData } from '../use/load_run.js';
import { evaluationOf } from './evaluation.js';
import type { Evaluated } from './metric.js';
import { metricNamed, usualMetric, type MetricOptions } from './metrics.js';

/** What was measured, and where it is kept. */
export interface Measured {
  readonly found: Evaluated;
  /** Why it could not be kept in the run. */
  readonly unkept?: string | undefined;
  /** The report that shows it; of a run that has none yet, nothing. */
  readonly report?: string | undefined;
}

/**
 * Measures a trained model on held-out rows; the run keeps the figures, and its report shows them. Where that cannot be, they
 * are given at least.
 *
 * @param metric Its name; by default what suits the model.
 * @throws RequestError for a metric that does not exist or that this model or its data do not have, and for more than there
 * is memory for; DOMException "AbortError" where `host.signal` ended it.
 */
export async function evaluate(
  trained: RunWithData,
  metric: string | undefined,
  options: MetricOptions,
  host: Host,
): Promise<Measured> {
  const measure = metric === undefined ? usualMetric(trained) : metricNamed(metric);
  const { run, state, backend } = trained;
  expectRoomToMeasure(trained, options, backend.name);
  const began = performance.now();
  const found = await measure(trained, options, host);
  const evaluation = evaluationOf(found, {
    step: state.step,
    options,
    seconds: (performance.now() - began) / 1000,
    backend: `${backend.name} ${backend.version}`,
  });
  return { found, ...(await keep(run, evaluation, host)) };
}

async function keep(
  run: RunDirectory,
  evaluation: Evaluation,
  host: Host,
): Promise<Omit<Measured, 'found'>> {
  try {
    const warning = await keepEvaluation(run, evaluation);
    if (warning !== undefined) host.note(`Warning: ${warning}`);
    return { report: await rebuildReport(run) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { unkept: error.message };
  }
}
