import type { Acceleration } from '@elbo/wasm';

/** What a caller asks of a backend. */
export interface Wanted {
  readonly threads: number;
  readonly wasmPaths: string | Readonly<Record<string, string>> | undefined;
}

/** A backend that is loaded: TensorFlow.js knows how to start it, but it does not run yet. */
export interface Loaded {
  /** The version of the backend's package. */
  readonly version: string;
  /** Its rank among registered backends, as its own package registers it. */
  readonly priority: number;
  /** Settles what must be settled before the backend starts. Throws when `wanted` cannot be had. */
  prepare(wanted: Wanted): Promise<void>;
  /** Completes the backend once it has started and is current. */
  complete(): Promise<Acceleration | undefined>;
  /** The number of threads that it runs on. Called once it has started. */
  threads(): number;
  /** Says what a failure to start means and what to do, for the reason that TensorFlow.js gave. */
  explain(reason: string): string;
}
