import { BackendError } from '@elbo/core';
import type { Loaded } from './candidate.js';

/** Loads the plain JavaScript backend: slow, everywhere, and on one thread. */
export async function loadCpu(): Promise<Loaded> {
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  return {
    version,
    priority: 1,
    prepare: ({ threads }) =>
      threads === 1
        ? Promise.resolve()
        : Promise.reject(
            new BackendError(`it runs on one thread, not ${threads}; ask for threads: 1`),
          ),
    threads: () => 1,
    explain: (reason) => reason,
  };
}
