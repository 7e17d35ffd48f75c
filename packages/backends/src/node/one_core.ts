import { BackendError } from '@elbo/core';
import { createRequire } from 'node:module';
import { ownCore } from './project.js';

/** What Node loads of a copy of tfjs-core, by `import` and by `require`. */
const mainModule = /[\\/]tfjs-core[\\/]dist[\\/]tf-core\.node\.js$/;

/**
 * Fails where this process has loaded a copy of tfjs-core besides Elbo's own. Both write into one engine, so that nothing
 * would say so until their versions disagree.
 *
 * @throws BackendError that names both, and says how to have one.
 */
export function expectOneCore(): void {
  const own = ownCore();
  const { cache } = createRequire(import.meta.url);
  const other = Object.keys(cache).find((path) => mainModule.test(path) && path !== own);
  if (other === undefined) return;
  throw new BackendError(
    `This process has loaded a second copy of @tensorflow/tfjs-core (${other}) besides Elbo's (${own}): install everything in one project, with one version of TensorFlow.js, and run npm dedupe.`,
  );
}
