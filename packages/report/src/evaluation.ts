/** A finding in plain words. */
export interface Figure {
  /** Its short name, as programs read it. */
  readonly name: string;
  readonly label: string;
  readonly value: number | string;
  /** The standard error of the value. */
  readonly error?: number | undefined;
  readonly unit?: string | undefined;
  /** What it means, and what it does not. */
  readonly note?: string | undefined;
}

/** What was measured of a trained model, and how. */
export interface Evaluation {
  readonly metric: string;
  /** The metric in plain words. */
  readonly title: string;
  /** What was asked for, the seed too: measured again with the same, a result replaces the older one. */
  readonly options: Readonly<Record<string, number | string>>;
  /** Of the checkpoint that was measured. */
  readonly step: number;
  /** Held-out rows looked at. */
  readonly rows: number;
  /** Of the measurement. */
  readonly seconds: number;
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly figures: readonly Figure[];
  /** The value of each row, for comparisons on the same rows: which figure's. */
  readonly perRow?: { readonly name: string; readonly values: readonly number[] } | undefined;
}
