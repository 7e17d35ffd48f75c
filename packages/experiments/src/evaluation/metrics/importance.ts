import { estimateLikelihood } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { onRows } from '../../use/rows.js';
import type { Metric } from '../metric.js';

/** Minus the importance-sampled log-likelihood of held-out rows. */
export const nll: Metric = async (
  { model, params, sets },
  { rows = 100, samples = 5000, seed },
  host,
) => {
  const noise = fold(key(seed), 'nll');
  return onRows(sets.test, { count: rows, noise, model }, async (batch) => {
    const count = batch.x.shape[0];
    const bar = host.progress(count);
    const onProgress = (share: number): void => {
      bar.update(Math.round(share * count), 'rows');
    };
    try {
      const found = await estimateLikelihood(model, params.primal, batch, {
        key: noise,
        samples,
        onProgress,
      });
      return {
        metric: 'nll',
        perRow: found.logLikelihood.map((value) => -value),
        rows: count,
        samples,
        nll: -found.mean,
        standardError: found.error,
        bias: found.bias,
        effectiveSampleSizeMedian: found.medianEffectiveSampleSize,
        effectiveSampleSizeLeast: Math.min(...found.effectiveSampleSize),
        proposal: model.encoder?.offers.includes('logProb') ? 'posterior' : 'widened normal',
      };
    } finally {
      bar.stop();
    }
  });
};
