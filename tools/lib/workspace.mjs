// What is where in this repository.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Scratch that git ignores: results, tarballs, resumable work. */
export const scratch = join(root, '.elbo');

export const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/** Every package in a folder, by default every one that is published: its folder's name, its path and its manifest. */
export function packages(parent = join(root, 'packages')) {
  return readdirSync(parent)
    .filter((folder) => existsSync(join(parent, folder, 'package.json')))
    .map((folder) => ({
      folder,
      path: join(parent, folder),
      manifest: readJson(join(parent, folder, 'package.json')),
    }));
}

/** One package by its folder's name or its full name. */
export function packageNamed(name) {
  const found = packages().find((p) => p.folder === name || p.manifest.name === name);
  if (!found) throw new Error(`No package '${name}' in packages/.`);
  return found;
}

/** Where tools/pack.mjs leaves the packages as npm would publish them. */
export const tarballs = join(scratch, 'packed');

/** The tarball of one package, by the name that npm gives it. */
export const tarballOf = ({ manifest: { name, version } }) =>
  join(tarballs, `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`);

/** The package and every workspace package that it depends on, however far down. */
export function closure(target, all = packages(), found = new Map()) {
  if (found.has(target.manifest.name)) return [...found.values()];
  found.set(target.manifest.name, target);
  for (const name of Object.keys(target.manifest.dependencies ?? {})) {
    const dependency = all.find((p) => p.manifest.name === name);
    if (dependency) closure(dependency, all, found);
  }
  return [...found.values()];
}

/** The script behind an installed development tool's command. */
export function binary(tool, command = tool) {
  const folder = join(root, 'node_modules', tool);
  const { bin } = readJson(join(folder, 'package.json'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}
