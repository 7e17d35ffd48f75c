import type { Loaded, Wanted } from '../shared/candidate.js';
import { adapterOf, webgpuOn } from '../shared/webgpu.js';
import { findDawn } from './dawn.js';

/** The WebGPU backend, by the package `webgpu` of the user's project. */
export async function loadWebgpu({ resolveFrom }: Wanted): Promise<Loaded> {
  const { gpu, versions, load } = await findDawn(resolveFrom);
  const adapter = await adapterOf(
    gpu,
    'it needs a Vulkan loader (libvulkan.so.1) and a Vulkan driver for the GPU',
  );
  return { ...webgpuOn(adapter, versions), undo: load() };
}
