import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A project in a temporary folder, with packages as they are found on disks. */
export interface Project {
  readonly folder: string;
  /** Writes a file, and gives its path. */
  write(path: string, text: string): string;
  remove(): void;
}

export function project(): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'elbo-project-')));
  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  return {
    folder,
    write,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

const tensorflow = 'node_modules/@tensorflow';

/** Installs a TensorFlow package whose main module is `main`, and gives where its binding belongs. */
export function installTensorFlow(
  { write }: Project,
  main: string,
  name: 'tfjs-node' | 'tfjs-node-gpu' = 'tfjs-node',
): string {
  const manifest = {
    name: `@tensorflow/${name}`,
    version: '4.22.0',
    binary: { napi_versions: [3, 4, 5, 6, 7, 8] },
  };
  write(`${tensorflow}/${name}/package.json`, JSON.stringify(manifest));
  write(`${tensorflow}/${name}/index.js`, main);
  return `${tensorflow}/${name}/lib/napi-v8/tfjs_binding.node`;
}

/** Lets the project have the tfjs-core that Elbo has, as one install does. */
export function shareCore({ folder }: Project): void {
  const core = createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json');
  mkdirSync(join(folder, tensorflow), { recursive: true });
  symlinkSync(dirname(core), join(folder, tensorflow, 'tfjs-core'));
}

/** Builds a binding that is linked to libtensorflow_cc.so.2, and leaves that library out. */
export function buildBindingWithoutLibrary({ folder, write }: Project, binding: string): void {
  const source = write('binding.c', 'int unused;\n');
  const library = join(folder, 'libtensorflow_cc.so.2');
  const soname = '-Wl,-soname,libtensorflow_cc.so.2';
  execFileSync('cc', ['-shared', '-fPIC', soname, '-o', library, source]);
  write(binding, '');
  const linked = ['-Wl,--no-as-needed', library];
  execFileSync('cc', ['-shared', '-fPIC', '-o', join(folder, binding), source, ...linked]);
  rmSync(library);
}
