import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import { AbsentError } from '../shared/absent.js';
import type { Loaded } from '../shared/candidate.js';
import { adapterOf, webgpuOn, webgpuPackage, type Gpu } from '../shared/webgpu.js';

/** The WebGPU backend, where the page has imported it. */
export async function loadWebgpu(): Promise<Loaded> {
  const { gpu } = (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator ?? {};
  if (!gpu)
    throw new BackendError(
      'this browser offers no WebGPU here: use a recent browser, and a page from https or localhost',
    );
  const adapter = await adapterOf(gpu, 'the browser has no GPU that it trusts with it');
  if ((tf.findBackendFactory('webgpu') as unknown) === null)
    throw new AbsentError(
      `the page has not imported it: npm install ${webgpuPackage}, and import '${webgpuPackage}' before selecting`,
    );
  return webgpuOn(adapter, { [webgpuPackage]: tf.version_core });
}
