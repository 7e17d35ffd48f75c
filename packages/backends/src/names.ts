import { BackendError, closest } from '@elbo/core';

/** A TensorFlow.js backend that this version can select. */
export type SupportedBackend = 'wasm' | 'cpu';

/** A backend by name. `auto` takes the fastest one that works; see `supportedBackends` for the others. */
export type BackendName = 'auto' | SupportedBackend | 'node-gpu' | 'node' | 'webgpu' | 'webgl';

/** The backends that this version can select, fastest first: the order in which `auto` tries them. */
export const supportedBackends: readonly SupportedBackend[] = ['wasm', 'cpu'];

/** The backends that have a name here but cannot be selected by this version. */
export const unsupportedBackends: readonly BackendName[] = ['node-gpu', 'node', 'webgpu', 'webgl'];

/** What to say of a backend that has a name but no support. */
export const unsupportedReason =
  'not supported yet by this version of @elbo/backends: use wasm or cpu';

/**
 * The backends to try for a name, in order.
 *
 * @throws BackendError when the name is unknown, or known but not supported by this version.
 */
export function candidatesFor(name: string): readonly SupportedBackend[] {
  if (name === 'auto') return supportedBackends;
  const supported = supportedBackends.find((candidate) => candidate === name);
  if (supported) return [supported];
  if (unsupportedBackends.some((known) => known === name)) {
    throw new BackendError(`Backend '${name}' is ${unsupportedReason}.`);
  }
  const known = ['auto', ...supportedBackends, ...unsupportedBackends];
  const near = closest(name, known);
  throw new BackendError(
    `Unknown backend '${name}'${near ? `; did you mean '${near}'?` : '.'} Known: ${known.join(', ')}.`,
  );
}
