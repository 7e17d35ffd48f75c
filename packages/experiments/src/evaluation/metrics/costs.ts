import { estimateOf } from '@elbo/evaluation';
import { hasElbo } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { readBlocks, validate, validationBatch } from '@elbo/training';
import { RequestError } from '../../request_error.js';
import type { RunWithData } from '../../use/load_run.js';
import type { Metric, MetricOptions } from '../metric.js';

/** The means of the model's own costs and metrics over held-out rows. */
export const costs: Metric = async ({ model, params, sets, step }, { rows, seed }) => {
  const count = Math.min(rows ?? sets.test.size, sets.test.size);
  const metrics = await validate(model, params, sets.test, { rows: count, seed, step });
  return { metric: 'costs', rows: count, ...metrics };
};

/** The same of a model that has an ELBO, with that of each row. */
export const elbo: Metric = async (trained, options, host) => {
  if (!hasElbo(trained.model))
    throw new RequestError(
      'This model has no ELBO, because its terms do not bound a likelihood. Use --metric costs or collapse.',
    );
  const found = await costs(trained, options, host);
  const perRow = await elbosOfRows(trained, options);
  const each = perRow.length === found.rows;
  return {
    ...found,
    metric: 'elbo',
    ...(each && { elboError: estimateOf(perRow).error, perRow }),
  };
};

/** The ELBO of each row with the noise that `validate` has; a single one of a bound of whole batches. */
async function elbosOfRows(
  { model, params, sets: { test } }: RunWithData,
  { rows = test.size, seed }: MetricOptions,
): Promise<Float64Array> {
  const noise = fold(key(seed), 'validation');
  const found: number[] = [];
  const blocks = readBlocks(test, { count: rows, size: validationBatch, noise, model });
  for await (const { batch, blockKey } of blocks) {
    const elbos = model.elbo(params, batch, fold(blockKey, 'pass'));
    found.push(...(await elbos.data<'float32'>()));
    elbos.dispose();
  }
  return Float64Array.from(found);
}
