// What a machine without network needs: a folder with the tools, the built packages, all they stand on, and Node.
import { cpSync, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { packages, readJson, root } from '../lib/workspace.mjs';

/** The folder of a package as another folder finds it; nothing where it is not installed. */
function find(name, from) {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? [];
  const found = places
    .map((place) => join(place, name))
    .find((path) => existsSync(join(path, 'package.json')));
  return found && realpathSync(found);
}

/** Packages and what they need, by name; one version of each, as one install has them. */
function closure(names, from, found = new Map()) {
  for (const name of names) {
    const path = found.has(name) ? undefined : find(name, from);
    if (!path) continue;
    found.set(name, path);
    closure(Object.keys(readJson(join(path, 'package.json')).dependencies ?? {}), path, found);
  }
  return found;
}

/** The kind of machine that this is, as Dawn's binaries are named. */
const here = `${process.platform}-${process.arch}`;

const optional = ['webgpu', '@tensorflow/tfjs-backend-webgpu'];

/**
 * Copies into a new folder what tools/gpu.mjs needs.
 *
 * @param project Has the packages of WebGPU.
 * @param vulkan A folder with a Vulkan loader, libvulkan.so.1, for a machine that has none.
 */
export function pack(to, { project, vulkan }) {
  if (existsSync(to)) throw new Error(`${to} is there already: name a new folder.`);
  const missing = optional.filter((name) => !find(name, project));
  if (missing.length > 0)
    throw new Error(
      `${missing.join(', ')} is not in ${project}: npm install it there, or give --from.`,
    );
  const own = [...packages().map(({ manifest }) => manifest.name), '@elbo/reproductions'];
  const all = closure(['@tensorflow/tfjs-core', ...own], root);
  // The shared tfjs-core must be the one that they come with here.
  for (const [name, path] of closure(optional, project)) if (!all.has(name)) all.set(name, path);
  for (const [name, path] of all)
    cpSync(path, join(to, 'node_modules', name), {
      recursive: true,
      // Sources, tests and maps are not run; of Dawn only the binary for this kind of machine is.
      filter: (file) =>
        !/\.map$|\/(src|test|bench|node_modules|\.elbo|runs)$/.test(file.slice(path.length)) &&
        (name !== 'webgpu' || !/\/dist\/[a-z0-9]+-/.test(file) || file.includes(here)),
    });
  cpSync(join(root, 'tools'), join(to, 'tools'), { recursive: true });
  cpSync(join(root, 'package.json'), join(to, 'package.json'));
  cpSync(process.execPath, join(to, 'node'));
  if (vulkan) {
    mkdirSync(join(to, 'vulkan'));
    cpSync(realpathSync(join(vulkan, 'libvulkan.so.1')), join(to, 'vulkan', 'libvulkan.so.1'));
  }
}
