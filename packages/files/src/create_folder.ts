import { FileError, printable } from '@elbo/core';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explain } from './explain.js';
import { makeFolder } from './make_folder.js';
import { lookAt } from './regular.js';
import { temporaryName } from './temporaries.js';
import { writeNew } from './write_new.js';

/**
 * Creates a folder of files, all of them or none: it has its name when the last one is written.
 *
 * @throws FileError when something of its name is there, or the file system refuses.
 */
export async function createFolder(
  path: string,
  files: Iterable<readonly [name: string, content: Uint8Array | string]>,
): Promise<void> {
  const temp = join(dirname(path), temporaryName(basename(path)));
  try {
    if (await lookAt(path))
      throw new FileError(
        `Cannot write ${printable(path)}: something of that name is there, and nothing is written into it: choose another name.`,
      );
    await makeFolder(dirname(path));
    await mkdir(temp);
    for (const [name, content] of files) await writeNew(join(temp, name), content);
    await rename(temp, path);
  } catch (thrown) {
    await rm(temp, { force: true, recursive: true }).catch(() => undefined);
    throw explain('write', path, thrown);
  }
}
