import type { Loaded, Wanted } from './candidate.js';
import type { Backend } from './names.js';

/** What differs between a page and Node: which backends there are, and how each is loaded. */
export interface Host {
  /** What `auto` tries: the fastest for training first. */
  readonly automatic: readonly Backend[];
  /** What can compute on a GPU, in the order in which it is tried. */
  readonly withGpu: readonly Backend[];
  /**
   * Called when a backend is tried, and only then do they import its package: a page fetches what it tries. They reject with a `BackendError` for a backend that this host cannot
   * have.
   */
  readonly loaders: Readonly<Record<Backend, (wanted: Wanted) => Promise<Loaded>>>;
  /** @throws BackendError where the program has loaded a second copy of tfjs-core, as far as that can be seen. */
  expectOneCore(): void;
}
