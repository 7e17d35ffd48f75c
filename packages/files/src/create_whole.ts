import { link, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf, explain } from './explain.js';
import { temporaryName } from './temporaries.js';
import { writeNew } from './write_new.js';

/**
 * Creates a file whole, in a folder that is there, unless something of its name is. Of several processes that do so at once,
 * one does.
 *
 * @returns Whether it was created; not when something was there.
 * @throws FileError when the file system refuses.
 */
export async function createWhole(path: string, content: Uint8Array | string): Promise<boolean> {
  const temp = join(dirname(path), temporaryName(basename(path)));
  try {
    await writeNew(temp, content);
    try {
      // Unlike a rename it replaces nothing, and unlike a file that is opened first it is whole when it appears.
      await link(temp, path);
    } catch (thrown) {
      if (codeOf(thrown) === 'EEXIST') throw thrown;
      // Some disks have no such links.
      await writeNew(path, content);
    }
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw explain('write', path, thrown);
  } finally {
    await rm(temp, { force: true }).catch(() => undefined);
  }
}
