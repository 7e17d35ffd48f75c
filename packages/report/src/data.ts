import type { Json } from '@elbo/core';
import type { Evaluation } from './evaluation.js';
import type { MetricsLine } from './metrics_line.js';

/** A figure to read first. */
export interface Headline {
  readonly label: string;
  /** A number is shown with up to five digits. */
  readonly value: number | string;
  readonly unit?: string | undefined;
  /** One line below: what the figure is measured on, or compared with. */
  readonly note?: string | undefined;
}

/** A picture of the report. */
export interface ReportImage {
  readonly title: string;
  /** The bytes of a PNG file, as `grid` and `pairGrid` make them. */
  readonly png: Uint8Array;
  readonly caption: string;
}

/** Rows of the report that are no images: texts, or rows of a table. */
export interface ReportRows {
  readonly title: string;
  readonly caption: string;
  /** The names of the columns; none of texts. */
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
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
  /** How many numbers each part of the model has learned. */
  readonly parameters?: Readonly<Record<string, number>> | undefined;
}

/** What a report says that no other file of the run does: `report.json`. */
export interface ReportNotes {
  readonly title: string;
  /** Where the run stands: it trains still, or an error ended it. Not given of one that came to its end. */
  readonly stage?: 'training' | 'failed' | undefined;
  /** How the run ended, or how far it is, in a few words: "finished", "interrupted at step 1,200 of 6,000". */
  readonly status?: string | undefined;
  /** The command line that made the run. */
  readonly command?: string | undefined;
  readonly headline: readonly Headline[];
  /** Pictures by the names of their PNG files in the run. */
  readonly images: readonly (Omit<ReportImage, 'png'> & { readonly file: string })[];
  /** Samples and the like that are no images. */
  readonly rows?: readonly ReportRows[] | undefined;
  /** The latent map's file in the run, as `scatterSvg` makes it. */
  readonly latent?: string | undefined;
  /** What the reader must know before trusting the figures, a sentence each. */
  readonly warnings: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  readonly provenance: Provenance;
}

/** Everything a report shows. */
export interface ReportData extends Omit<ReportNotes, 'images' | 'latent'> {
  /** The whole resolved configuration. */
  readonly config: Json;
  /** As `readMetrics` gives them; none when the run ended before its first report. */
  readonly metrics: readonly MetricsLine[];
  readonly images: readonly ReportImage[];
  /** The latent map itself. */
  readonly latent?: string | undefined;
  readonly evaluations: readonly Evaluation[];
}
