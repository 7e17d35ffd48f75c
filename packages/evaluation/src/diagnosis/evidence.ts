import type { ElboBounds } from '../likelihood/bounds.js';
import type { ImportanceEstimate } from '../likelihood/importance.js';
import type { Interval } from './interval.js';
import { meanOverRows, type SampledRows } from './mean_over_rows.js';
import type { Refit } from './refit.js';

/** What one thing that was measured says of an ELBO. In nats, means of the set. */
export interface Evidence {
  /** By what, as a person is told. */
  readonly by: string;
  /** By how much the reported ELBO is above the true one. */
  readonly deviation: Interval;
  /** Where the true ELBO lies. */
  readonly interval: Interval;
  /** Whether one of its ends is no bound, but allows for what the other misses. */
  readonly allows?: boolean;
  /** Why it does not count, and what to do; undefined when it does. */
  readonly doubt?: string | undefined;
}

/** The reported ELBO of each row, and the variance that it has by its draws. */
export interface Reported extends SampledRows {
  readonly means: Float64Array;
  readonly variances: Float64Array;
}

/** Rows of which a sample is too few to tell how rows vary. */
const fewRows = 20;
/** Draws of which the delta method, by which the errors of logarithms of means are known, says nothing. */
const fewDraws = 100;

/** Why a sample of rows does not speak for its set. */
function doubtOfRows({ rows, setSize }: SampledRows): string | undefined {
  if (rows >= Math.min(fewRows, setSize)) return undefined;
  const there = rows === 1 ? 'one row tells' : `${rows} rows tell`;
  return `${there} too little of the set that they are of: take ${Math.min(fewRows, setSize)} at least`;
}

/** By discriminators that were fitted to the finished encoder. */
export function byFreshDiscriminators(
  { deviation, intervalOfSet, effectiveDraws }: Refit,
  reported: Reported,
): Evidence {
  const few = effectiveDraws >= fewDraws ? undefined : effectiveDraws.toFixed(1);
  return {
    by: 'discriminators that were fitted afresh',
    allows: true,
    deviation,
    interval: intervalOfSet,
    doubt:
      doubtOfRows(reported) ??
      (few &&
        `their bound rests on ${few} effective draws, as posteriors hardly overlap with what they are told from: take more draws, or train with adaptive or anchored contrast`),
  };
}

/** By importance sampling: no ELBO exceeds log p(x), which that is short of by `bias` in the mean. */
export function byLikelihood(
  found: ImportanceEstimate,
  samples: number,
  reported: Reported,
): Evidence {
  const { logLikelihood, bias, effectiveSampleSize } = found;
  const variances = effectiveSampleSize.map((size) => Math.max(0, 1 / size - 1 / samples));
  return {
    by: 'log p(x)',
    ...below(logLikelihood, reported, variances, bias),
    doubt: doubtOfRows(reported) ?? doubtOfSamples(found),
  };
}

/** Why importance samples do not say what log p(x) is. */
function doubtOfSamples({
  medianEffectiveSampleSize,
  poorRows,
}: ImportanceEstimate): string | undefined {
  const few = 'too few to be sure of log p(x): take more samples';
  // NaN is few.
  if (!(medianEffectiveSampleSize >= fewDraws))
    return `importance sampling has ${medianEffectiveSampleSize.toFixed(1)} effective samples in the median row, ${few}`;
  if (poorRows > 0)
    return `importance sampling has fewer than ${fewDraws} effective samples in ${poorRows === 1 ? 'one row' : `${poorRows} rows`}, ${few}`;
  return undefined;
}

/** By what needs no discriminator, of copies of the rows one after the other: each is more draws. */
export function byBounds(
  { rows: { lower, upper, apart } }: ElboBounds,
  reported: Reported,
): Evidence {
  const from = upper && below(upper, reported);
  const to = above(lower, reported);
  return {
    by: 'bounds without discriminators',
    deviation: apart
      ? [
          apart.upper ? overRows(apart.upper, reported)[0] : -Infinity,
          overRows(apart.lower, reported)[1],
        ]
      : [from?.deviation[0] ?? -Infinity, to.deviation[1]],
    interval: [to.interval[0], from?.interval[1] ?? Infinity],
    doubt: doubtOfRows(reported),
  };
}

/** By Gibbs' inequality: rows of discrete data have a mean log p(x) of minus the entropy of their shares at most. */
export function byEntropy(entropy: number, reported: Reported): Evidence {
  const none = new Float64Array(reported.rows);
  return {
    by: 'the entropy of the data',
    ...below(
      none.map(() => -entropy),
      reported,
      none,
    ),
  };
}

/** What is reported above an ELBO, of which rows are apart from it by these: at the same draws, so that these say how they vary. */
function overRows(apart: Float64Array, reported: SampledRows): Interval {
  const { mean, margin } = meanOverRows(
    apart.map((value) => -value),
    reported,
  );
  return [mean - margin, mean + margin];
}

type Sides = Pick<Evidence, 'deviation' | 'interval'>;

/** The ELBO is below the mean of these values of rows and `short`; `variances` are what their draws do not show. */
function below(
  values: Float64Array,
  reported: Reported,
  variances?: Float64Array,
  short = 0,
): Sides {
  const apart = differences(reported, values, variances);
  const own = meanOverRows(values, reported, variances);
  return {
    deviation: [apart.mean - short - apart.margin, Infinity],
    interval: [-Infinity, own.mean + short + own.margin],
  };
}

/** The ELBO is above the mean of these values of rows. */
function above(values: Float64Array, reported: Reported): Sides {
  const apart = differences(reported, values);
  const own = meanOverRows(values, reported);
  return {
    deviation: [-Infinity, apart.mean + apart.margin],
    interval: [own.mean - own.margin, Infinity],
  };
}

/** What is reported less values of rows: paired, so that rows differ by less. */
function differences(
  { means, variances, rows, setSize }: Reported,
  values: Float64Array,
  more?: Float64Array,
): ReturnType<typeof meanOverRows> {
  const apart = values.map((value, i) => means[i % rows]! - value);
  const both = variances.map((variance, row) => variance + (more?.[row] ?? 0));
  return meanOverRows(apart, { rows, setSize }, both);
}
