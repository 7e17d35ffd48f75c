import { ConfigError } from '@elbo/core';
import {
  comparableMetrics,
  directionOf,
  estimatorsOf,
  hasElbo,
  type Direction,
  type Model,
} from '@elbo/objectives';
import type { Best } from './state.js';

/** A validation metric by which steps of a run are compared. */
export interface Watched {
  readonly metric: string;
  readonly better: Direction;
}

/**
 * The metric by which the best step of a model is chosen: the one that is named, else its ELBO, else its
 * reconstruction.
 *
 * @throws ConfigError, with the metrics that do, for one that the model lacks, that has no better side, or that an
 * adversary estimates: such a figure is best where the adversary errs most.
 */
export function watchedMetric(model: Model, named?: string): Watched {
  const reconstruction = model.terms.find(({ role }) => role === 'reconstruction')?.name;
  const metric = named ?? (hasElbo(model) ? 'elbo' : reconstruction);
  const known = comparableMetrics(model);
  const instead =
    known.length > 0
      ? `Watch one of these instead: ${known.join(', ')}.`
      : 'This model has none that would do: keep its last checkpoints, and compare them by samples.';
  if (metric === undefined)
    throw new ConfigError(
      `train: validation cannot tell the best step, because this model has neither an ELBO nor a reconstruction. ${instead}`,
    );
  const [adversary] = estimatorsOf(model, metric);
  if (adversary !== undefined)
    throw new ConfigError(
      `train: the best step cannot be told by '${metric}': the adversary of '${adversary}' estimates it, so it looks best where that adversary is most wrong. ${instead}`,
    );
  const better = directionOf(model, metric);
  if (better === undefined)
    throw new ConfigError(
      `train: the best step cannot be told by '${metric}': this model has no such metric, or the metric has no better direction. ${instead}`,
    );
  return { metric, better };
}

/** The best value after one more validation. */
export function withValidation(
  before: Best | undefined,
  step: number,
  metrics: Readonly<Record<string, number>>,
  { metric, better }: Watched,
): Best {
  const value = metrics[metric];
  if (value === undefined)
    throw new ConfigError(
      `train: '${metric}' is watched, but validation gives ${Object.keys(metrics).join(', ')}.`,
    );
  // What was watched before may have been another metric.
  const best = before?.metric === metric ? before : undefined;
  const isBetter = !best || (better === 'higher' ? value > best.value : value < best.value);
  return isBetter
    ? { metric, value, step, waited: 0, validated: step }
    : { ...best, waited: best.waited + 1, validated: step };
}
