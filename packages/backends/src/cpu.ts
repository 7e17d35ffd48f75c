import type { Loaded } from './candidate.js';

/** Loads the plain JavaScript backend: slow, everywhere, and on one thread. */
export async function loadCpu(): Promise<Loaded> {
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  return {
    version,
    priority: 1,
    prepare: () => Promise.resolve(),
    complete: () => Promise.resolve(undefined),
    threads: () => 1,
    explain: (reason) => reason,
  };
}
