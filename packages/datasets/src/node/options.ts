import type { Json } from '@elbo/core';
import type { ProceduralEntry } from '../catalogue.js';
import type { Split } from '../dataset.js';

/** How much of a file has been downloaded. */
export interface DownloadProgress {
  readonly dataset: string;
  readonly file: string;
  /** Bytes so far. */
  readonly received: number;
  /** Bytes in all, when the server says. */
  readonly total?: number;
}

/** Options of reading files by name: which there are depends on the format. */
export type Reading = Readonly<Record<string, Json>>;

/** Where to look for files, how to read them, and what to do when they are not there. */
export interface FileOptions {
  /** Datasets that have names here beside those of the catalogue. */
  readonly named?: readonly ProceduralEntry[];
  /** A folder to look in before `$ELBO_DATA_DIR` and the cache folder. */
  readonly dataDir?: string;
  /** How files at a path are read, where the format leaves a choice. */
  readonly reading?: Reading;
  /** Whether files that are not found may be downloaded into the cache folder; true by default. */
  readonly download?: boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Takes what a person should know and no error is, such as a file whose digest is not known. */
  readonly onNotice?: (message: string) => void;
  /** Takes where work that lasts is, in words that the next replace. */
  readonly onStatus?: (message: string) => void;
  /** Stops a download, or decoding. */
  readonly signal?: AbortSignal;
}

/** What to load. */
export interface LoadOptions extends FileOptions {
  readonly split?: Split;
  /** The number of rows, of a procedural set only. */
  readonly size?: number;
  /** The seed, of a procedural set only. */
  readonly seed?: number;
}
