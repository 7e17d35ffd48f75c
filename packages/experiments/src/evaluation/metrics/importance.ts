import { estimateLikelihood, leastEffective, usualSamples } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { onRows } from '../../use/rows.js';
import type { Metric } from '../metric.js';

/** Minus the importance-sampled log-likelihood of held-out rows. */
export const nll: Metric = async (
  { model, params, sets },
  { rows = 100, samples = usualSamples, seed },
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
        ...(host.signal && { signal: host.signal }),
      });
      const least = Math.min(...found.effectiveSampleSize);
      return {
        metric: 'nll',
        perRow: found.logLikelihood.map((value) => -value),
        rows: count,
        samples,
        nll: -found.mean,
        standardError: found.error,
        samplingError: found.samplingError,
        ...(found.bias === undefined
          ? { notEstimable: { bias: `unknown: ${poorly(found.poorRows, count, least)}` } }
          : { bias: found.bias }),
        effectiveSampleSizeMedian: found.medianEffectiveSampleSize,
        effectiveSampleSizeLeast: least,
        poorRows: found.poorRows,
      };
    } finally {
      bar.stop();
    }
  });
};

const poorly = (poor: number, rows: number, least: number): string =>
  `only ${+least.toPrecision(3)} effective samples in the worst row, and fewer than ${leastEffective} in ${poor} of ${rows}`;
