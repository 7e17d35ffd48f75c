import { BackendError } from '@elbo/core';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AbsentError } from '../shared/absent.js';
import type { Gpu } from '../shared/webgpu.js';
import { installed, moduleFrom, ownCore } from './project.js';
import { otherCore } from './tensorflow/remedies.js';

const backendPackage = '@tensorflow/tfjs-backend-webgpu';

/** What the package `webgpu` offers. */
interface Dawn {
  readonly globals: Readonly<Record<string, unknown>>;
  create(options: readonly string[]): Gpu;
}

/** WebGPU, what loads the backend that uses it, and its versions. */
export interface DawnGpu {
  readonly gpu: Gpu;
  readonly versions: Readonly<Record<string, string>>;
  /** Gives Node the globals of a page with WebGPU and loads the backend; gives what takes the globals away again. */
  load(): () => void;
}

/** Defines properties, and gives what takes them away again. */
function define(target: object, values: Readonly<Record<string, unknown>>): () => void {
  const before = Object.keys(values).map(
    (name) => [name, Object.getOwnPropertyDescriptor(target, name)] as const,
  );
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(target, name, { value, configurable: true, writable: true });
  return () => {
    for (const [name, descriptor] of before) {
      if (descriptor) Object.defineProperty(target, name, descriptor);
      else Reflect.deleteProperty(target, name);
    }
  };
}

/**
 * Finds WebGPU for Node, the package `webgpu`, in the user's project.
 *
 * @throws BackendError when it or its backend is not installed.
 */
export async function findDawn(resolveFrom: string | undefined): Promise<DawnGpu> {
  const dawn = installed('webgpu', resolveFrom);
  const backend = installed(backendPackage, resolveFrom);
  if (!dawn || !backend)
    throw new AbsentError(
      `webgpu and ${backendPackage} are not both installed: npm install webgpu@0.6.2 ${backendPackage}@4.22.0`,
    );
  const core = moduleFrom('@tensorflow/tfjs-core', backend.folder);
  if (core !== ownCore()) throw new BackendError(otherCore(core ?? 'none', ownCore()));
  const entry = pathToFileURL(join(dawn.folder, 'index.js'));
  const { create, globals } = (await import(/* @vite-ignore */ entry.href)) as Dawn;
  const gpu = create([]);
  return {
    gpu,
    versions: { [backendPackage]: backend.version, webgpu: dawn.version },
    load: () => {
      const host = globalThis as { readonly navigator?: object };
      const undo = [
        define(globalThis, globals),
        host.navigator ? define(host.navigator, { gpu }) : define(host, { navigator: { gpu } }),
      ];
      // Only now, for it looks for the globals as it loads.
      createRequire(import.meta.url)(backend.folder);
      return () => {
        for (const each of undo) each();
      };
    },
  };
}
