import { BackendError } from '@elbo/core';
import { version_core } from '@tensorflow/tfjs-core';
import { AbsentError } from './absent.js';
import { tryBackend } from './attempt.js';
import type { Loaded } from './candidate.js';
import { candidatesFor } from './candidates.js';
import { discard, reasonOf, remember } from './engine.js';
import type { Host } from './host.js';
import type { SelectedBackend, SelectOptions, Tried } from './options.js';
import { stepTimes } from './speed.js';

/** So many times as fast as wasm must TensorFlow be: with wasm the same seed gives the same bits everywhere. */
const worthIt = 1.2;

/**
 * Says why TensorFlow on the CPU gives way to wasm, and discards it; or nothing, and it is current. It has more cores
 * but a cost for each operation, so that which of the two is faster depends on the machine.
 */
async function slowerThanWasm(
  host: Host,
  { engineName }: Loaded,
  options: SelectOptions,
): Promise<string | undefined> {
  const putBack = remember();
  let rival: Loaded;
  try {
    rival = (await tryBackend(host, 'wasm', options)).loaded;
  } catch {
    return undefined;
  }
  const times = await stepTimes([engineName, rival.engineName]);
  const [own, other] = [times.get(engineName)!, times.get(rival.engineName)!];
  await putBack();
  if (own * worthIt <= other) return undefined;
  discard(engineName);
  return `a small step takes it ${own.toFixed(1)} ms, and wasm ${other.toFixed(1)} ms: name it for large networks`;
}

/** Says once that plain JavaScript computes because WebAssembly failed: it is right, and so slow that it looks stuck. */
function warnOfFallback(tried: readonly Tried[]): void {
  const wasm = tried.find(({ name, outcome }) => name === 'wasm' && outcome === 'failed');
  if (!wasm || warned) return;
  warned = true;
  console.warn(
    `Elbo computes in plain JavaScript, many times slower than in WebAssembly: ${wasm.reason!}.`,
  );
}
let warned = false;

/** `selectBackend` on a host. */
export async function select(host: Host, options: SelectOptions): Promise<SelectedBackend> {
  const { backend = 'auto', threads, device } = options;
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1)) {
    throw new BackendError(`threads must be a whole number of at least 1, not ${threads}.`);
  }
  host.expectOneCore();
  const tried: Tried[] = [];
  for (const name of candidatesFor(host, backend, device)) {
    try {
      const { loaded, acceleration } = await tryBackend(host, name, { ...options, backend });
      if (name === 'node' && backend === 'auto' && loaded.device() === 'cpu') {
        const slower = await slowerThanWasm(host, loaded, options);
        if (slower !== undefined) {
          tried.push({ name, outcome: 'slower', reason: slower });
          continue;
        }
      }
      tried.push({ name, outcome: 'selected' });
      if (name === 'cpu') warnOfFallback(tried);
      return {
        name,
        package: loaded.package,
        version: loaded.versions[loaded.package]!,
        versions: { '@tensorflow/tfjs-core': version_core, ...loaded.versions },
        device: loaded.device(),
        threads: loaded.threads(),
        acceleration,
        tried,
      };
    } catch (thrown) {
      const outcome = thrown instanceof AbsentError ? 'absent' : 'failed';
      tried.push({ name, outcome, reason: reasonOf(thrown) });
    }
  }
  const reasons = tried.map(({ name, reason }) => `Backend '${name}' cannot be used: ${reason}.`);
  throw new BackendError(reasons.join('\n'));
}
