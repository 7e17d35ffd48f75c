import type { Host } from '../host.js';
import type { RunWithData } from '../use/load_run.js';

/** What every metric goes by. */
export interface MetricOptions {
  readonly rows?: number;
  /** For each row; as many as suit the metric by default. */
  readonly samples?: number;
  readonly chains: number;
  readonly temperatures: number;
  /** Of each discriminator that is fitted afresh. */
  readonly fitSteps?: number;
  readonly seed: number;
  /** Another dataset: a name or a path. */
  readonly against?: string;
}

/** A figure with what it was measured on. */
export interface Evaluated {
  readonly metric: string;
  /** The value of each row, where there is one: kept for comparisons on the same rows, and not shown. */
  readonly perRow?: Float64Array;
  /** Figures that these rows do not allow, each with the reason; a figure that is NaN needs none. */
  readonly notEstimable?: Readonly<Record<string, string>>;
  readonly [figure: string]:
    number | string | Float64Array | Readonly<Record<string, string>> | undefined;
}

/** Measures a trained model on held-out rows. */
export type Metric = (
  trained: RunWithData,
  options: MetricOptions,
  host: Host,
) => Promise<Evaluated>;
