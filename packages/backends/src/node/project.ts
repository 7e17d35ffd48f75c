import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** A package on this disk. */
export interface Installed {
  readonly name: string;
  readonly version: string;
  /** Its folder, without links. */
  readonly folder: string;
  /** Its `package.json`. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

type Resolver = (module: string) => string;

/** Finds modules as a program in each of these places does, the first that has it. */
function resolver(resolveFrom: string | undefined): Resolver {
  const at = (folder: string): string => join(resolve(folder), 'elbo.cjs');
  const places =
    resolveFrom === undefined ? [at(process.cwd()), import.meta.url] : [at(resolveFrom)];
  return (module) => {
    let failure: unknown;
    for (const place of places) {
      try {
        return createRequire(place).resolve(module);
      } catch (thrown) {
        failure ??= thrown;
      }
    }
    throw failure;
  };
}

/** Where a program in `folder` finds a module; `undefined` when it does not. */
export function moduleFrom(module: string, folder: string): string | undefined {
  try {
    return resolver(folder)(module);
  } catch {
    return undefined;
  }
}

/** A package as the user's project has it; `undefined` when it is not installed. */
export function installed(name: string, resolveFrom: string | undefined): Installed | undefined {
  let path: string;
  try {
    path = resolver(resolveFrom)(`${name}/package.json`);
  } catch {
    return undefined;
  }
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  return {
    name,
    version: String(manifest.version),
    folder: dirname(path),
    manifest,
  };
}

/** The copy of tfjs-core that this package computes with. */
export function ownCore(): string {
  return createRequire(import.meta.url).resolve('@tensorflow/tfjs-core');
}
