import type { Judged } from './fresh_draws.js';
import { meanOverRows, type RowsMean, type SampledRows } from './mean_over_rows.js';

/** What discriminators say of an ELBO at fresh draws, and of another discriminator's at the same draws. In nats. */
export interface ByDiscriminators {
  /** By the mean of their log-odds. */
  readonly direct: RowsMean;
  /** What the ELBO is below of in expectation, however bad they are. */
  readonly most: RowsMean;
  /** The ELBO by the other one less `direct`, and less `most`: the draws that both share fall out. */
  readonly deviation: { readonly direct: RowsMean; readonly most: RowsMean };
  /** How many of the draws that posteriors are told apart from carry the bound: (Σ exp T)² / Σ exp 2T. */
  readonly effectiveDraws: number;
}

/** A bound on a divergence from below, draw by draw, and how many draws carry it. */
interface Bound {
  readonly values: Float64Array;
  readonly effective: number;
}

/**
 * E_q T − log E_r exp T ≤ KL(q ‖ r), whatever T is (Donsker & Varadhan 1983). Its values vary about their mean as the bound
 * does, the logarithm's share included; what the logarithm of a mean of few draws is short of is made up for.
 */
function boundBy({ posterior, contrast }: Judged['logits']): Bound {
  const n = contrast.length;
  const largest = contrast.reduce((a, b) => Math.max(a, b), -Infinity);
  const total = contrast.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  const logMean = largest + Math.log(total / n);
  const weights = contrast.map((logit) => Math.exp(logit - logMean));
  const effective = n ** 2 / weights.reduce((sum, weight) => sum + weight ** 2, 0);
  const short = 0.5 * (1 / effective - 1 / n);
  const values = posterior.map((logit, i) => logit - (weights[i]! - 1) - logMean - short);
  // T = 0 is a discriminator too, and says that the divergence is at least 0.
  const worse = !(values.reduce((a, b) => a + b, 0) > 0);
  return { values: worse ? new Float64Array(n) : values, effective };
}

/** @param other That discriminator's log-odds at the same draws of the posterior. */
export function judgedBy(
  { base, logits }: Judged,
  other: Float64Array,
  rows: SampledRows,
): ByDiscriminators {
  const { values, effective } = boundBy(logits);
  const of = (value: (i: number) => number): RowsMean =>
    meanOverRows(
      base.map((_, i) => value(i)),
      rows,
    );
  return {
    direct: of((i) => base[i]! - logits.posterior[i]!),
    most: of((i) => base[i]! - values[i]!),
    deviation: {
      direct: of((i) => logits.posterior[i]! - other[i]!),
      most: of((i) => values[i]! - other[i]!),
    },
    effectiveDraws: effective,
  };
}
