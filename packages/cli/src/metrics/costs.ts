import { hasElbo } from '@elbo/objectives';
import { validate } from '@elbo/training';
import { UsageError } from '../usage.js';
import type { Metric } from './metric.js';

/** The means of the model's own costs and metrics over held-out rows. */
export const costs: Metric = async ({ model, params, sets, state: { step } }, { rows, seed }) => {
  const count = Math.min(rows ?? sets.validation.size, sets.validation.size);
  const metrics = await validate(model, params, sets.validation, { rows: count, seed, step });
  return { metric: 'costs', rows: count, ...metrics };
};

/** The same of a model that has an ELBO. */
export const elbo: Metric = async (trained, options, output) => {
  if (!hasElbo(trained.model))
    throw new UsageError(
      'This model has no ELBO: its terms bound no likelihood. Take --metric costs, or collapse.',
    );
  return { ...(await costs(trained, options, output)), metric: 'elbo' };
};
