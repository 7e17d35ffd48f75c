import { DataError } from '@elbo/core';
import { rightly } from '../divergences/log_ratio.js';
import { expectEnough } from '../estimable.js';

/** What a discriminator predicts in one bin, and how often it is so. */
export interface ReliabilityBin {
  /** The mean of σ(T) in it. */
  readonly predicted: number;
  /** The share of posterior samples among the samples in it. */
  readonly observed: number;
  /** The share of all samples that lie in it. */
  readonly share: number;
}

/** How far the probabilities that a discriminator gives are true. */
export interface Reliability {
  /** Those of ten bins of equal width that hold samples, from the lowest. */
  readonly curve: readonly ReliabilityBin[];
  /** The expected calibration error (Naeini et al. 2015): the mean distance of predicted from observed. */
  readonly error: number;
  /** The mean of the accuracies on both samples: ½ at chance. */
  readonly accuracy: number;
}

const bins = 10;

/**
 * Of the log-odds at as many samples of the posterior as of what it is told apart from; at 0 they are right half of the time.
 *
 * @throws DataError when there are none, or one is NaN.
 */
export function reliabilityOf(posterior: Float64Array, contrast: Float64Array): Reliability {
  for (const logits of [posterior, contrast]) {
    expectEnough('reliability', logits.length, 1, 'log-odd');
    if (logits.some(Number.isNaN))
      throw new DataError('reliability: not estimable, as log-odds are NaN.');
  }
  const total = posterior.length + contrast.length;
  const held = Array.from({ length: bins }, () => ({ predicted: 0, positive: 0, count: 0 }));
  const place = (logits: Float64Array, positive: 0 | 1): void => {
    for (const logit of logits) {
      const predicted = 1 / (1 + Math.exp(-logit));
      const bin = held[Math.min(bins - 1, Math.floor(predicted * bins))]!;
      bin.predicted += predicted;
      bin.positive += positive;
      bin.count++;
    }
  };
  place(posterior, 1);
  place(contrast, 0);
  const curve = held
    .filter(({ count }) => count > 0)
    .map(({ predicted, positive, count }) => ({
      predicted: predicted / count,
      observed: positive / count,
      share: count / total,
    }));
  return {
    curve,
    error: curve.reduce((sum, b) => sum + b.share * Math.abs(b.predicted - b.observed), 0),
    accuracy:
      0.5 * (rightly(posterior, []) / posterior.length + rightly([], contrast) / contrast.length),
  };
}
