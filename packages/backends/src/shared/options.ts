import type { Acceleration } from '@elbo/wasm';
import type { Backend, BackendName, Device } from './names.js';

/** What became of a backend that was tried. */
export interface Tried {
  readonly name: Backend;
  readonly outcome: 'selected' | 'failed' | 'slower' | 'absent';
  /** Why it was passed over, and what to do. */
  readonly reason?: string;
}

/** The backend that now computes, and how it came to be chosen. */
export interface SelectedBackend {
  readonly name: Backend;
  /** The package that it comes from. */
  readonly package: string;
  /** The version of that package. */
  readonly version: string;
  /** Of all that it stands on: packages and libraries by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly device: Device;
  readonly threads: number;
  /** What @elbo/wasm put in place of the stock kernels; of the backend `wasm` only. */
  readonly acceleration: Acceleration | undefined;
  /** Everything tried, in order; the last is the selected one. */
  readonly tried: readonly Tried[];
}

/** How to select a backend. */
export interface SelectOptions {
  /** `auto`, the default, takes the fastest for training that works; a name takes that one or fails. */
  readonly backend?: BackendName | (string & Record<never, never>);
  /** `gpu` takes a backend that computes on a GPU, or fails. */
  readonly device?: 'gpu';
  /**
   * Threads of the backend. By default all cores that the process may use, for `node` and `wasm`; in a page `wasm` has one unless
   * the page is cross-origin isolated, and the others have one. With `wasm` their number changes no bit of any result.
   */
  readonly threads?: number;
  /**
   * How many processes or workers of yours compute at the same time, with this one: by default each takes its part of the
   * cores. 1 by default.
   */
  readonly processes?: number;
  /**
   * Whether TensorFlow takes memory of a GPU as it needs it, or nearly all at once, which fragments less. By default what
   * the variable TF_FORCE_GPU_ALLOW_GROWTH says, and as it needs it where that is not set.
   */
  readonly memoryGrowth?: boolean;
  /**
   * Whether `node` runs each step of a training as one program of TensorFlow's, which is faster; the default. Without, it
   * performs operation after operation, as other code of yours does.
   */
  readonly programs?: boolean;
  /**
   * Where the WebAssembly backend's files are served from, needed in browsers: a folder, or the address of each of its
   * three files by name.
   */
  readonly wasmPaths?: string | Readonly<Record<string, string>>;
  /** How long a backend may take to start, in ms; a minute by default. One that takes longer is passed over. */
  readonly startLimit?: number;
  /**
   * The folder whose packages are used for `node-gpu`, `node` and, in Node, `webgpu`: your project's. By default the
   * working directory, and then where this package is installed.
   */
  readonly resolveFrom?: string;
}
