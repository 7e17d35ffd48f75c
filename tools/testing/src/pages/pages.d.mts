import type { Page } from 'playwright-core';

/** Whether the system has a Chromium to open pages in; tests without one are skipped, and say so. */
export declare const hasChromium: boolean;

/** A bundled page, served, and a browser to open it in. */
export interface ServedPage {
  /** Opens it under a folder's name: /isolated/ may use threads, /workerless/ forbids workers, others may not; /FOLDER/wasm/ has the backend's files, which in /silent/ never come. */
  open(folder: string): Promise<Page>;
  /** The names of the bundle's files. */
  files(): Promise<string[]>;
  close(): Promise<void>;
}

/** Bundles an entry, which sets `globalThis.elbo` once it is ready, and serves it. */
export declare function servePage(
  entry: string,
  options?: {
    /** Folders in which packages are looked for that are not installed here. */
    readonly modules?: readonly string[];
    /** More flags of Chromium. */
    readonly flags?: readonly string[];
  },
): Promise<ServedPage>;
