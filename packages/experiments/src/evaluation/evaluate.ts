import { FileError } from '@elbo/core';
import type { Evaluation } from '@elbo/report';
import { keepEvaluation, rebuildReport } from '@elbo/runs';
import type { Host } from '../host.js';
import { expectRoomToMeasure } from '../room.js';
import type { RunWithData } from '../use/load_run.js';
import { evaluationOf } from './evaluation.js';
import type { Evaluated } from './metric.js';
import { metricNamed, usualMetric, type MetricOptions } from './metrics.js';

/** What was measured. */
export interface Measured {
  readonly found: Evaluated;
  /** The same as a run keeps it. */
  readonly evaluation: Evaluation;
}

/** Where figures are kept. */
export interface Kept {
  /** Why they could not be kept in the run. */
  readonly unkept?: string | undefined;
  /** The report that shows them; of a run that has none yet, nothing. */
  readonly report?: string | undefined;
}

/**
 * Measures a trained model on held-out rows.
 *
 * @param metric Its name; by default what suits the model.
 * @throws RequestError for a metric that does not exist or that this model or its data do not have, and for more than there
 * is memory for; DOMException "AbortError" where `host.signal` ended it.
 */
export async function measure(
  run: RunWithData,
  metric: string | undefined,
  options: MetricOptions,
  host: Host,
): Promise<Measured> {
  const measured = metric === undefined ? usualMetric(run) : metricNamed(metric);
  const { step, backend } = run;
  expectRoomToMeasure(run, options, backend.name);
  const began = performance.now();
  const found = await measured(run, options, host);
  const evaluation = evaluationOf(found, {
    step,
    options,
    seconds: (performance.now() - began) / 1000,
    backend: `${backend.name} ${backend.version}`,
  });
  return { found, evaluation };
}

/** Keeps what was measured in its run, and shows it in the run's report; where files cannot be written, it says why. */
export async function keep(
  { run }: RunWithData,
  { evaluation }: Measured,
  host: Host,
): Promise<Kept> {
  try {
    const warning = await keepEvaluation(run, evaluation);
    if (warning !== undefined) host.note(`Warning: ${warning}`);
    return { report: await rebuildReport(run) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { unkept: error.message };
  }
}

/**
 * Measures a trained model and keeps the figures: `measure`, then `keep`, for those who need not show them in between.
 *
 * @throws as `measure`.
 */
export async function evaluate(
  run: RunWithData,
  metric: string | undefined,
  options: MetricOptions,
  host: Host,
): Promise<Measured & Kept> {
  const measured = await measure(run, metric, options, host);
  return { ...measured, ...(await keep(run, measured, host)) };
}
