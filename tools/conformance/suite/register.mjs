// Declares a backend to the library's tests, once it has started: one that does not would leave them to another.
import { setBackend } from '@tensorflow/tfjs-core';
import { registerTestEnv } from '@tensorflow/tfjs-core/dist/jasmine_util';

export async function register(environment) {
  const { backendName } = environment;
  if (!(await setBackend(backendName)))
    throw new Error(`The backend '${backendName}' did not start.`);
  registerTestEnv(environment);
}
