/** A part of a minibatch of `of` rows: the `count` rows from number `first` on. */
export interface BatchRows {
  readonly first: number;
  readonly count: number;
  readonly of: number;
}

/** The state of a random stream: two unsigned 32-bit words. A plain value, so it survives JSON. */
export interface Key {
  readonly words: readonly [number, number];
  /** The rows that its noise is for, where a minibatch is split among workers; see `ofRows`. */
  readonly rows?: BatchRows;
}
