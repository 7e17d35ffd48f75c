import { closest } from '@elbo/core';
import { hasElbo } from '@elbo/objectives';
import { RequestError } from '../request_error.js';
import type { RunWithData } from '../use/load_run.js';
import type { Metric } from './metric.js';
import { ais, bdmc } from './metrics/annealing.js';
import { codes, probe } from './metrics/codes.js';
import { collapse } from './metrics/collapse.js';
import { costs, elbo } from './metrics/costs.js';
import { diagnosis } from './metrics/diagnosis.js';
import { factors } from './metrics/factors.js';
import { nll } from './metrics/importance.js';
import { ood } from './metrics/ood.js';
import { samples } from './metrics/samples.js';

export type { MetricOptions } from './metric.js';

const metrics: Readonly<Record<string, Metric>> = {
  costs,
  elbo,
  nll,
  ais,
  bdmc,
  codes,
  probe,
  factors,
  collapse,
  diagnosis,
  samples,
  ood,
};

/** What is measured where nothing is asked for. */
export function usualMetric({ model }: Pick<RunWithData, 'model'>): Metric {
  return hasElbo(model) ? elbo : costs;
}

/** @throws RequestError that suggests the nearest name. */
export function metricNamed(name: string): Metric {
  if (Object.hasOwn(metrics, name)) return metrics[name]!;
  const known = Object.keys(metrics);
  const near = closest(name, known);
  throw new RequestError(
    `There is no metric '${name}'${near === undefined ? `. Known: ${known.join(', ')}.` : `; did you mean '${near}'?`}`,
  );
}

/** Whether a metric's work goes on where it was interrupted, when the same is asked for again. */
export const isResumable = (name: string): boolean => name === 'ais' || name === 'bdmc';
