import { closest } from '@elbo/core';
import { hasElbo, logLikelihood } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { validate } from '@elbo/training';
import { lookForCollapse } from './diagnostics.js';
import type { Output } from './output.js';
import { onRows } from './rows.js';
import type { Trained } from './trained.js';
import { UsageError } from './usage.js';

/** What every metric goes by. */
export interface MetricOptions {
  readonly rows?: number;
  readonly samples: number;
  readonly seed: number;
}

/** A figure with what it was measured on. */
interface Evaluated {
  readonly metric: string;
  readonly [figure: string]: number | string;
}

type Metric = (trained: Trained, options: MetricOptions, output: Output) => Promise<Evaluated>;

/** The means of the model's own costs and metrics over held-out rows. */
const costs: Metric = async ({ model, params, sets, state: { step } }, { rows, seed }) => {
  const count = Math.min(rows ?? sets.validation.size, sets.validation.size);
  const metrics = await validate(model, params, sets.validation, { rows: count, seed, step });
  return { metric: 'costs', rows: count, ...metrics };
};

/** The same of a model that has an ELBO. */
const elbo: Metric = async (trained, options, output) => {
  if (!hasElbo(trained.model))
    throw new UsageError(
      'This model has no ELBO: its terms bound no likelihood. Take --metric costs, or collapse.',
    );
  return { ...(await costs(trained, options, output)), metric: 'elbo' };
};

/** Minus the importance-sampled log-likelihood of held-out rows. */
const nll: Metric = async ({ model, params, sets }, { rows = 100, samples, seed }, output) => {
  const noise = fold(key(seed), 'nll');
  return onRows(sets.validation, rows, noise, async (batch) => {
    const count = batch.x.shape[0];
    const bar = output.bar(count);
    const onProgress = (share: number): void => {
      bar.update(Math.round(share * count), 'rows');
    };
    try {
      const found = await logLikelihood(model, params.primal, batch, {
        key: noise,
        samples,
        onProgress,
      });
      const { logLikelihood: logs, effectiveSampleSize } = found;
      const mean = logs.reduce((a, b) => a + b, 0) / count;
      const variance = logs.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, count - 1);
      const sizes = effectiveSampleSize.toSorted();
      return {
        metric: 'nll',
        rows: count,
        samples,
        nll: -mean,
        standardError: Math.sqrt(variance / count),
        effectiveSampleSizeMedian: sizes[count >> 1]!,
        effectiveSampleSizeLeast: sizes[0]!,
        proposal: model.encoder?.offers.includes('logProb') ? 'posterior' : 'widened normal',
      };
    } finally {
      bar.stop();
    }
  });
};

/** Signs of collapse, and what they were read from. */
const collapse: Metric = async ({ model, params, sets, state: { step } }, { rows, seed }) => {
  const data = sets.validation;
  const found = await lookForCollapse({ model, params, data, step, seed, rows });
  const { signs, accuracies, samples, encoder } = found;
  const critics = Object.entries(accuracies).map(([name, value]) => [`${name}/accuracy`, value]);
  return {
    metric: 'collapse',
    signs: signs.map(({ kind }) => kind).join(', ') || 'none',
    ...samples,
    ...(encoder && {
      information: encoder.information.mean,
      informationError: encoder.information.error,
      activeUnits: encoder.activeUnits,
    }),
    ...(Object.fromEntries(critics) as Record<string, number>),
  };
};

const metrics: Readonly<Record<string, Metric>> = { costs, elbo, nll, collapse };

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
