/** Estimates of log p(x), a row each. */
export interface Likelihood {
  /** log 1/S Σ p(x, z_s)/r(z_s) in nats: in expectation a lower bound on log p(x). */
  readonly logLikelihood: Float64Array;
  /**
   * (Σ w)² / Σ w², of the S samples; 0 where none has a weight. An estimate with a handful is far below the truth, and it is blind to
   * what no sample reached.
   */
  readonly effectiveSampleSize: Float64Array;
}
