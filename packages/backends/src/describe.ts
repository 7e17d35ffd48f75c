import { capabilities, type Capabilities } from './capabilities.js';
import { current, reasonOf, restore, running } from './engine.js';
import {
  supportedBackends,
  unsupportedBackends,
  unsupportedReason,
  type BackendName,
  type SupportedBackend,
} from './names.js';
import { load, tryBackend, type Device, type SelectOptions } from './select.js';
import { stepTimes } from './speed.js';

/** A backend that works here. */
export interface AvailableBackend {
  readonly name: SupportedBackend;
  readonly available: true;
  readonly version: string;
  readonly device: Device;
  readonly threads: number;
  readonly capabilities: Capabilities;
  /** Median milliseconds of a product [64, 256] × [256, 64] with its gradient. */
  readonly milliseconds: number;
  /** How many times faster than the slowest backend that works here. */
  readonly speed: number;
}

/** A backend that does not work here, and why. */
export interface UnavailableBackend {
  readonly name: BackendName;
  readonly available: false;
  readonly reason: string;
}

/** What `describeBackends` says of one backend. */
export type BackendDescription = AvailableBackend | UnavailableBackend;

type Tested = Omit<AvailableBackend, 'milliseconds' | 'speed'> | UnavailableBackend;

async function test(
  name: SupportedBackend,
  { wasmPaths }: Pick<SelectOptions, 'wasmPaths'>,
): Promise<Tested> {
  try {
    // One that runs already is described as it runs.
    const threads = running(name) ? (await load(name)).threads() : 1;
    const { loaded } = await tryBackend(name, { threads, wasmPaths });
    return {
      name,
      available: true,
      version: loaded.version,
      device: 'cpu',
      threads,
      capabilities: capabilities(),
    };
  } catch (thrown) {
    return { name, available: false, reason: reasonOf(thrown) };
  }
}

/**
 * Describes every backend that has a name here: whether it works, what it can do and how fast it is.
 *
 * It starts each one, which takes about a second; the current backend is the same afterwards.
 */
export async function describeBackends(
  options: Pick<SelectOptions, 'wasmPaths'> = {},
): Promise<readonly BackendDescription[]> {
  const previous = current();
  const tested: Tested[] = [];
  try {
    for (const name of supportedBackends) tested.push(await test(name, options));
    const times = await stepTimes(
      tested.filter((backend) => backend.available).map(({ name }) => name),
    );
    const slowest = Math.max(...times.values());
    const described = tested.map((backend) => {
      if (!backend.available) return backend;
      const milliseconds = times.get(backend.name)!;
      return { ...backend, milliseconds, speed: slowest / milliseconds };
    });
    const unsupported = unsupportedBackends.map((name) => ({
      name,
      available: false as const,
      reason: unsupportedReason,
    }));
    return [...described, ...unsupported];
  } finally {
    const last = supportedBackends.find((name) => name === current());
    if (last) await restore(previous, await load(last));
  }
}
