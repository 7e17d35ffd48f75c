import { join } from 'node:path';
import type { Installed } from '../project.js';

/** The packages that bind TensorFlow to Node. Both in one process crash it. */
export type TensorFlowPackage = '@tensorflow/tfjs-node' | '@tensorflow/tfjs-node-gpu';

/** The version of the TensorFlow.js packages that Elbo is tested with. */
export const testedVersion = '4.22.0';

/**
 * Where the compiled part of a TensorFlow package lies for this version of Node, whether or not it is there: in the
 * folder of the newest Node-API version that both know.
 */
export function bindingPath({ folder, manifest }: Installed): string {
  const { binary } = manifest as { readonly binary: { readonly napi_versions: readonly number[] } };
  const ours = Number(process.versions.napi);
  const napi = Math.max(...binary.napi_versions.filter((version) => version <= ours));
  return join(folder, 'lib', `napi-v${napi}`, 'tfjs_binding.node');
}

/**
 * Gives Node the two functions that tfjs-node calls and that Node has not had since version 23: without them its import
 * succeeds and its first operation throws. Printed and run elsewhere too, so it must stand alone.
 */
export function giveRemovedFunctions(
  util: Partial<Record<'isNullOrUndefined' | 'isArray', unknown>>,
): void {
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
}
