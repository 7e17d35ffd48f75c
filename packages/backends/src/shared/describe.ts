import { tryBackend } from './attempt.js';
import { capabilities, type Capabilities } from './capabilities.js';
import type { Loaded } from './candidate.js';
import { current, reasonOf, remember } from './engine.js';
import type { Host } from './host.js';
import { backendNames, type Backend, type Device } from './names.js';
import { needs } from './needs.js';
import type { SelectOptions } from './options.js';
import { stepTimes } from './speed.js';

/** A backend that works here. */
export interface AvailableBackend {
  readonly name: Backend;
  readonly available: true;
  /** What it needs to work. */
  readonly needs: string;
  /** The version of its package. */
  readonly version: string;
  /** Of all that it stands on: packages and libraries by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly device: Device;
  readonly threads: number;
  readonly capabilities: Capabilities;
  /** Median milliseconds of a step of training: 128 rows, 784 → 128 → 784. */
  readonly milliseconds: number;
  /** How many times faster than the slowest backend that works here. */
  readonly speed: number;
}

/** A backend that does not work here, and why. */
export interface UnavailableBackend {
  readonly name: Backend;
  readonly available: false;
  /** What it needs to work. */
  readonly needs: string;
  readonly reason: string;
}

/** What `describeBackends` says of one backend. */
export type BackendDescription = AvailableBackend | UnavailableBackend;

type Tested =
  | (Omit<AvailableBackend, 'milliseconds' | 'speed'> & { readonly engineName: string })
  | UnavailableBackend;

/** Where a backend's files and packages are. */
export type Where = Pick<SelectOptions, 'wasmPaths' | 'resolveFrom'>;

function available(name: Backend, loaded: Loaded): Tested {
  return {
    name,
    available: true,
    needs: needs[name],
    engineName: loaded.engineName,
    version: loaded.versions[loaded.package]!,
    versions: loaded.versions,
    device: loaded.device(),
    threads: loaded.threads(),
    capabilities: capabilities(),
  };
}

async function test(host: Host, name: Backend, where: Where): Promise<Tested> {
  try {
    const { loaded } = await tryBackend(host, name, { ...where, backend: name });
    return available(name, loaded);
  } catch (thrown) {
    return { name, available: false, needs: needs[name], reason: reasonOf(thrown) };
  }
}

/** `describeBackends` on a host. */
export async function describe(host: Host, where: Where): Promise<readonly BackendDescription[]> {
  const before = current();
  const putBack = remember();
  try {
    const tested: Tested[] = [];
    for (const name of backendNames) tested.push(await test(host, name, where));
    const times = await stepTimes(
      tested.flatMap((backend) => (backend.available ? [backend.engineName] : [])),
    );
    const slowest = Math.max(...times.values());
    return tested.map((backend) => {
      if (!backend.available) return backend;
      const { engineName, ...rest } = backend;
      const milliseconds = times.get(engineName)!;
      return { ...rest, milliseconds, speed: slowest / milliseconds };
    });
  } finally {
    if (current() !== before) await putBack();
  }
}
