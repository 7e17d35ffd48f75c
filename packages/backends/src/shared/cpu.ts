import type { Loaded } from './candidate.js';

/** Loads the plain JavaScript backend: slow, everywhere, and on one thread. */
export async function loadCpu(): Promise<Loaded> {
  const { version_cpu: version } = await import('@tensorflow/tfjs-backend-cpu');
  const name = '@tensorflow/tfjs-backend-cpu';
  return {
    engineName: 'cpu',
    package: name,
    versions: { [name]: version },
    threads: () => 1,
    device: () => 'cpu',
  };
}
