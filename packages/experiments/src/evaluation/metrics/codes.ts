import { aggregateKl, information, knnAccuracy, linearProbe, pointsOf } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { RequestError } from '../../request_error.js';
import type { RunWithData } from '../../use/load_run.js';
import { onRows } from '../../use/rows.js';
import type { Metric } from '../metric.js';

/** What z says of x, in nats, and how far the aggregated posterior is from the prior. */
export const codes: Metric = async ({ model, params, sets }, { rows = 1000, seed }) => {
  expectEncoder(model, 'codes');
  const noise = fold(key(seed), 'codes');
  return onRows(sets.test, { count: rows, noise, model }, async (batch) => {
    const shared = { metric: 'codes', rows: batch.x.shape[0] };
    if (!model.encoder?.offers.includes('logProb')) {
      const { mean, error } = await aggregateKl(model, params.primal, batch, { key: noise });
      return { ...shared, aggregateKl: mean, aggregateKlError: error };
    }
    const { kl, lower, upper, marginal } = await information(model, params.primal, batch, {
      key: noise,
    });
    return {
      ...shared,
      kl: kl.mean,
      klError: kl.error,
      informationAtLeast: lower.mean,
      informationAtLeastError: lower.error,
      informationAtMost: upper.mean,
      informationAtMostError: upper.error,
      aggregateKlAtLeast: marginal.lower.mean,
      aggregateKlAtLeastError: marginal.lower.error,
      aggregateKlAtMost: marginal.upper.mean,
      aggregateKlAtMostError: marginal.upper.error,
    };
  });
};

/** How well codes lay out the classes of the data: classifiers of training rows' codes, judged on held-out rows. */
export const probe: Metric = async ({ model, params, sets }, { rows = 1000, seed }) => {
  expectEncoder(model, 'probe');
  const noise = fold(key(seed), 'probe');
  const codesOf = (set: RunWithData['sets']['train']) =>
    onRows(set, { count: rows, noise, model }, async (batch, labels) => {
      if (!labels)
        throw new RequestError('--metric probe needs classes, and these data have no labels.');
      const z = model.encode(params.primal, batch, noise);
      try {
        return { points: await pointsOf(z), labels };
      } finally {
        z.dispose();
      }
    });
  const [train, test] = [await codesOf(sets.train), await codesOf(sets.test)];
  const linear = linearProbe(train, test);
  const nearest = knnAccuracy(train, test);
  return {
    metric: 'probe',
    rows: test.labels.length,
    linearAccuracy: linear.mean,
    linearError: linear.error,
    nearestNeighboursAccuracy: nearest.mean,
    nearestNeighboursError: nearest.error,
  };
};

/** @throws RequestError that names the metric, for a model without an encoder. */
export function expectEncoder({ encoder }: RunWithData['model'], metric: string): void {
  if (!encoder)
    throw new RequestError(
      `--metric ${metric} needs codes, and this model has no encoder to make them.`,
    );
}
