import { BackendError, closest } from '@elbo/core';
import type { Host } from './host.js';
import { backendNames, type Backend } from './names.js';

/**
 * The backends to try for a name, in order.
 *
 * @throws BackendError when the name is unknown, or a GPU is asked of a backend that can have none.
 */
export function candidatesFor(
  { automatic, withGpu }: Host,
  name: string,
  device: 'gpu' | undefined,
): readonly Backend[] {
  if (name === 'auto') return device === 'gpu' ? withGpu : automatic;
  const known = backendNames.find((candidate) => candidate === name);
  if (known === undefined) {
    const all = ['auto', ...backendNames];
    const near = closest(name, all);
    throw new BackendError(
      `Unknown backend '${name}'${near ? `; did you mean '${near}'?` : '.'} Known: ${all.join(', ')}.`,
    );
  }
  if (device === 'gpu' && (known === 'wasm' || known === 'cpu'))
    throw new BackendError(
      `Backend '${known}' computes on the CPU, but device 'gpu' was requested: use auto, ${withGpu.join(', ')}.`,
    );
  return [known];
}
