import { FileError, type Store } from '@elbo/core';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { codeOf, explain } from './explain.js';
import { readWhole } from './read_whole.js';
import { expectFolder } from './regular.js';
import { sweepTemporaries } from './temporaries.js';
import { writeWhole } from './write_whole.js';

// Plain names that mean the same on every system: no separators, no leading dot, no drive letters.
const plainName = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/;

function pathOf(folder: string, name: string): string {
  if (plainName.test(name)) return join(folder, name);
  throw new FileError(
    `'${name}' is not a valid file name in ${folder}: use letters, digits, dots, hyphens and underscores, ` +
      'at most 200, not beginning with a dot or a hyphen.',
  );
}

/** How a folder is kept. */
export interface FileStoreOptions {
  /** Whether the folder itself may be a symbolic link; true by default, as for a folder that a person named. */
  readonly follow?: boolean;
}

/**
 * A folder as a store: one file a name. The folder is made at the first write.
 *
 * Writes go through a temporary file and a rename, so a kill at any moment leaves every listed file
 * whole. `list` gives files, sorted; what killed processes left is removed by the next write. A symbolic link in a file's
 * place is listed, so that nobody takes it for missing, and refused by `read` and `write`: nothing is read or written outside
 * the folder.
 *
 * @throws FileError from every function, when a name would leave the folder or the file system refuses.
 *
 * @example
 * ```ts
 * import { fileStore } from '@elbo/files';
 *
 * const store = fileStore('kept');
 * await store.write('a.bin', new Uint8Array([1, 2, 3]));
 * console.log(await store.list(), (await store.read('a.bin')).length); // [ 'a.bin' ] 3
 * ```
 */
export function fileStore(dir: string, { follow = true }: FileStoreOptions = {}): Store {
  const folder = resolve(dir);
  let swept: Promise<void> | undefined;
  const check = (): Promise<void> => (follow ? Promise.resolve() : expectFolder(folder));
  return {
    async list() {
      await check();
      try {
        const entries = await readdir(folder, { withFileTypes: true });
        return entries
          .filter(
            (entry) => (entry.isFile() || entry.isSymbolicLink()) && plainName.test(entry.name),
          )
          .map(({ name }) => name)
          .sort();
      } catch (thrown) {
        if (codeOf(thrown) === 'ENOENT') return [];
        throw explain('list', folder, thrown);
      }
    },
    async read(name) {
      const path = pathOf(folder, name);
      await check();
      return readWhole(path, { follow: false });
    },
    async write(name, bytes) {
      const path = pathOf(folder, name);
      await check();
      await (swept ??= sweepTemporaries(folder));
      await writeWhole(path, bytes);
    },
    async remove(name) {
      const path = pathOf(folder, name);
      await check();
      try {
        await rm(path, { force: true });
      } catch (thrown) {
        throw explain('remove', path, thrown);
      }
    },
  };
}
