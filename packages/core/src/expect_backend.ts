import { backend } from '@tensorflow/tfjs-core';
import { BackendError, messageOf } from './errors.js';

/**
 * Fails unless TensorFlow.js has a backend that is ready.
 *
 * @throws BackendError that says how to choose one.
 */
export function expectBackend(where: string): void {
  try {
    backend();
  } catch (error) {
    throw new BackendError(
      `${where}: no backend is ready. Write \`await selectBackend()\`, of @elbo/backends, before this, and do not leave out \`await\`. (TensorFlow.js: ${messageOf(error)})`,
      { cause: error },
    );
  }
}
