import { BackendError } from '@elbo/core';
import type { Loaded } from './candidate.js';
import { isSoftware } from './software.js';
import { addInGroups, transposeAllTypes } from './webgpu_device.js';

export const webgpuPackage = '@tensorflow/tfjs-backend-webgpu';

/** As much of a WebGPU adapter as is asked here. */
export interface Adapter {
  readonly info?: Readonly<
    Partial<Record<'vendor' | 'architecture' | 'device' | 'description', string>>
  >;
}

/** As much of WebGPU as is asked here. */
export interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

/** @throws BackendError with the remedy when there is no adapter. */
export async function adapterOf(gpu: Gpu, remedy: string): Promise<Adapter> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new BackendError(`there is no WebGPU adapter: ${remedy}`);
  return adapter;
}

function complete(): Promise<undefined> {
  addInGroups();
  transposeAllTypes();
  return Promise.resolve(undefined);
}

/** The backend on an adapter. */
export function webgpuOn({ info = {} }: Adapter, versions: Loaded['versions']): Loaded {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  return {
    engineName: 'webgpu',
    package: webgpuPackage,
    versions,
    complete,
    threads: () => 1,
    device: () =>
      isSoftware([vendor, architecture, device, description].join(' ')) ? 'cpu' : 'gpu',
  };
}
