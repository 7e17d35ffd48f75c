import type { Json } from '@elbo/core';
import type { MetricsLine } from '../run/metrics.js';

/** A figure to read first. */
export interface Headline {
  readonly label: string;
  /** A number is shown with up to five digits. */
  readonly value: number | string;
  readonly unit?: string;
  /** One line below: what the figure is measured on, or compared with. */
  readonly note?: string;
}

/** A picture of the report. */
export interface ReportImage {
  readonly title: string;
  /** The bytes of a PNG file, as `grid` and `pairGrid` make them. */
  readonly png: Uint8Array;
  readonly caption: string;
}

/** A measurement that tells how far to trust the others, and what it means. */
export interface Diagnostic {
  readonly label: string;
  readonly value: number | string;
  readonly note: string;
}

/** Where the run's numbers come from. */
export interface Provenance {
  readonly seed: number;
  /** Steps done. */
  readonly steps: number;
  /** Seconds of training. */
  readonly seconds: number;
  /** The backend that computed, with its version. */
  readonly backend: string;
  /** Versions by name, of the packages and of what they run on. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Everything a report shows. */
export interface ReportData {
  readonly title: string;
  /** How the run ended, in a few words: "finished", "interrupted at step 1,200 of 6,000". */
  readonly status?: string;
  /** The command line that made the run. */
  readonly command?: string;
  /** The whole resolved configuration. */
  readonly config: Json;
  readonly headline: readonly Headline[];
  /** As `readMetrics` gives them; none when the run ended before its first report. */
  readonly metrics: readonly MetricsLine[];
  readonly images: readonly ReportImage[];
  /** The latent map, as `scatterSvg` makes it. */
  readonly latent?: string;
  /** What the reader must know before trusting the figures, a sentence each. */
  readonly warnings: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly provenance: Provenance;
}
