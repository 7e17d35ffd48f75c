/** Means and standard deviations of numbers, one of each for every place of the last axis: a column, or a channel. */
export interface ColumnMoments {
  readonly mean: readonly number[];
  /** Positive. */
  readonly sd: readonly number[];
}

/** The least standard deviation: below it float32 has no numbers of full precision, nor their inverses. */
export const leastSd: number = 2 ** -126;

/** The moments of data, and of their conditions where those are to be standardised too. */
export interface DataMoments extends ColumnMoments {
  /**
   * Of rows whose places may be missing: for each place which other one says, by 1 or 0, whether it is seen; −1 for those that
   * always are. What is missing is 0 in standardised units, and adds nothing to a Jacobian.
   */
  readonly seen?: readonly number[];
  readonly condition?: ColumnMoments;
}
