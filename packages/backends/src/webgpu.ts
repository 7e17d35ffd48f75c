import { BackendError } from '@elbo/core';
import * as tf from '@tensorflow/tfjs-core';
import { AbsentError } from './absent.js';
import type { Loaded, Wanted } from './candidate.js';
import { inNode } from './host.js';
import { findDawn } from './node/dawn.js';
import { isSoftware } from './software.js';
import { addInGroups, transposeAllTypes } from './webgpu_device.js';

const name = '@tensorflow/tfjs-backend-webgpu';

/** As much of a WebGPU adapter as is asked here. */
interface Adapter {
  readonly info?: Readonly<
    Partial<Record<'vendor' | 'architecture' | 'device' | 'description', string>>
  >;
}

/** As much of WebGPU as is asked here. */
export interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

/** @throws BackendError when there is no adapter. */
async function adapterOf(gpu: Gpu, remedy: string): Promise<Adapter> {
  const adapter = await gpu.requestAdapter();
  if (adapter === null) throw new BackendError(`there is no WebGPU adapter: ${remedy}`);
  return adapter;
}

function complete(): Promise<undefined> {
  addInGroups();
  transposeAllTypes();
  return Promise.resolve(undefined);
}

function loaded({ info = {} }: Adapter, versions: Loaded['versions']): Loaded {
  const { vendor = '', architecture = '', device = '', description = '' } = info;
  return {
    engineName: 'webgpu',
    package: name,
    versions,
    complete,
    threads: () => 1,
    device: () =>
      isSoftware([vendor, architecture, device, description].join(' ')) ? 'cpu' : 'gpu',
  };
}

async function loadInNode(resolveFrom: string | undefined): Promise<Loaded> {
  const { gpu, versions, load } = await findDawn(resolveFrom);
  const adapter = await adapterOf(
    gpu,
    'it needs a Vulkan loader (libvulkan.so.1) and a Vulkan driver for the GPU',
  );
  return { ...loaded(adapter, versions), undo: load() };
}

async function loadInPage(): Promise<Loaded> {
  const { gpu } = (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator ?? {};
  if (!gpu)
    throw new BackendError(
      'this browser has no WebGPU here: it needs a recent one, and a page from https or localhost',
    );
  const adapter = await adapterOf(gpu, 'the browser has no GPU that it trusts with it');
  if ((tf.findBackendFactory('webgpu') as unknown) === null)
    throw new AbsentError(
      `the page has not imported it: npm install ${name}, and import '${name}' before selecting`,
    );
  return loaded(adapter, { [name]: tf.version_core });
}

/** The WebGPU backend: in a page that has imported it, or in Node by the package `webgpu` of the user's project. */
export const loadWebgpu = ({ resolveFrom }: Wanted): Promise<Loaded> =>
  inNode ? loadInNode(resolveFrom) : loadInPage();
