/** What became of a file: whether its image shows colours, or why there is none. */
export type Outcome = { readonly coloured: boolean } | { readonly why: string };

/** A file that was left out, and why, in words that go on after its name. */
export interface Skipped {
  readonly path: string;
  readonly why: string;
}

/** Images as rows: what was found in them, and what was left out. */
export interface Decoded {
  readonly channels: 1 | 3;
  /** `[rows, height, width, channels]`, flat. */
  readonly pixels: Uint8Array;
  /** The numbers of the files that are rows. */
  readonly kept: readonly number[];
  readonly skipped: readonly Skipped[];
}
