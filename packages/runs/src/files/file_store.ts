import { FileError } from '@elbo/core';
import type { Store } from '@elbo/training';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, explain } from './explain.js';
import { sweepTemporaries, writeWhole } from './write_whole.js';

// Plain names that mean the same on every system: no separators, no leading dot, no drive letters.
const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

function pathOf(folder: string, name: string): string {
  if (plainName.test(name)) return join(folder, name);
  throw new FileError(
    `'${name}' is no name of a file in ${folder}: use letters, digits, dots, hyphens and underscores, ` +
      'at most 200, not beginning with a dot or a hyphen.',
  );
}

/**
 * A folder as a store: one file a name. The folder is made at the first write.
 *
 * Writes go through a temporary file and a rename, so a kill at any moment leaves every listed file
 * whole. `list` gives regular files only, sorted; what killed processes left is removed by the next write.
 *
 * @throws FileError from every function, when a name would leave the folder or the file system refuses.
 */
export function fileStore(dir: string): Store {
  const folder = resolve(dir);
  let swept: Promise<void> | undefined;
  return {
    async list() {
      try {
        const entries = await readdir(folder, { withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && plainName.test(entry.name))
          .map(({ name }) => name)
          .sort();
      } catch (thrown) {
        if (codeOf(thrown) === 'ENOENT') return [];
        throw explain('list', folder, thrown);
      }
    },
    async read(name) {
      const path = pathOf(folder, name);
      try {
        return new Uint8Array(await readFile(path));
      } catch (thrown) {
        throw explain('read', path, thrown);
      }
    },
    async write(name, bytes) {
      const path = pathOf(folder, name);
      await (swept ??= sweepTemporaries(folder));
      await writeWhole(path, bytes);
    },
    async remove(name) {
      const path = pathOf(folder, name);
      try {
        await rm(path, { force: true });
      } catch (thrown) {
        throw explain('remove', path, thrown);
      }
    },
  };
}
