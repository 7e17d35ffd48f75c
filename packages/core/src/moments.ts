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
  readonly condition?: ColumnMoments;
}
