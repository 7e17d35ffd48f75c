import { ConfigError } from '@elbo/core';
import type { Best } from './state.js';

/** The best value after one more validation; higher is better. */
export function withValidation(
  best: Best | undefined,
  step: number,
  metrics: Readonly<Record<string, number>>,
  metric: string,
): Best {
  const value = metrics[metric];
  if (value === undefined)
    throw new ConfigError(
      `train: early stopping watches '${metric}', but validation gives ${Object.keys(metrics).join(', ')}.`,
    );
  return !best || value > best.value
    ? { value, step, waited: 0, validated: step }
    : { ...best, waited: best.waited + 1, validated: step };
}
