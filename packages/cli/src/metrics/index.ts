import { closest } from '@elbo/core';
import { hasElbo } from '@elbo/objectives';
import type { Trained } from '../trained.js';
import { UsageError } from '../usage.js';
import { ais, bdmc } from './annealing.js';
import { codes, probe } from './codes.js';
import { collapse } from './collapse.js';
import { costs, elbo } from './costs.js';
import { doctor } from './doctor.js';
import { factors } from './factors.js';
import { nll } from './importance.js';
import type { Metric } from './metric.js';
import { ood } from './ood.js';
import { samples } from './samples.js';

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
  doctor,
  samples,
  ood,
};

/** What is measured where nothing is asked for. */
export function usualMetric({ model }: Pick<Trained, 'model'>): Metric {
  return hasElbo(model) ? elbo : costs;
}

/** @throws UsageError that suggests the nearest name. */
export function metricNamed(name: string): Metric {
  if (Object.hasOwn(metrics, name)) return metrics[name]!;
  const known = Object.keys(metrics);
  const near = closest(name, known);
  throw new UsageError(
    `There is no metric '${name}'${near === undefined ? `. Known: ${known.join(', ')}.` : `; did you mean '${near}'?`}`,
  );
}
