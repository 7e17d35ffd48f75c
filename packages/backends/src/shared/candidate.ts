import type { Acceleration } from '@elbo/wasm';
import type { Device } from './names.js';

/** What a caller asks of a backend. */
export interface Wanted {
  /** `undefined` leaves it to the backend. */
  readonly threads: number | undefined;
  /** How many processes share the cores. */
  readonly processes: number;
  readonly wasmPaths: string | Readonly<Record<string, string>> | undefined;
  /** Whether TensorFlow takes a GPU's memory as it needs it. */
  readonly memoryGrowth: boolean | undefined;
  /** Whether TensorFlow runs the steps of a training as programs. */
  readonly programs: boolean | undefined;
  /** The folder whose packages are looked for; `undefined` for the working directory and this package's own. */
  readonly resolveFrom: string | undefined;
}

/** A backend that is loaded: TensorFlow.js knows how to start it. */
export interface Loaded {
  /** Its name in TensorFlow.js. */
  readonly engineName: string;
  /** The package that it comes from. */
  readonly package: string;
  /** What it stands on: packages and libraries by name, with their versions. */
  readonly versions: Readonly<Record<string, string>>;
  /** Settles what must be settled before the backend starts. Throws when `wanted` cannot be had. */
  prepare?(wanted: Wanted): Promise<void>;
  /** Runs its start, and takes back what it leaves in the process. */
  around?<T>(begin: () => Promise<T>): Promise<T>;
  /** Completes the backend once it has started and is current. */
  complete?(): Promise<Acceleration | undefined>;
  /** The number of threads that it runs on. Called once it has started. */
  threads(): number;
  /** Where it computes. Called once it has started. */
  device(): Device;
  /** Says what a failure to start means and what to do, for the reason that TensorFlow.js gave. */
  explain?(reason: string): string;
  /** Takes back what loading it did outside TensorFlow.js. */
  undo?(): void;
}
