import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explain } from './explain.js';
import { makeFolder } from './make_folder.js';
import { expectRegular, lookAt } from './regular.js';
import { temporaryName } from './temporaries.js';
import { writeNew } from './write_new.js';

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there the rename is durable without.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Writes a file so that whoever reads it, after a kill or a power cut at any moment, finds either
 * what was there before or all of `content`. Makes the folder when it is missing.
 *
 * Only a regular file is replaced: a symbolic link in the file's place is neither followed nor replaced. The folders on
 * the way may be links; whose folder it is must see to that.
 *
 * @throws FileError when it cannot be written; what was there before stays whole.
 *
 * @example
 * ```ts
 * import { readWhole, writeWhole } from '@elbo/files';
 *
 * await writeWhole('notes/today.txt', 'all or nothing');
 * console.log((await readWhole('notes/today.txt')).length); // 14
 * ```
 */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  // The temporary file lies beside the real one: a rename is atomic only within one file system.
  const temp = join(folder, temporaryName(basename(path)));
  await makeFolder(folder);
  try {
    const before = await lookAt(path);
    if (before) expectRegular('write', path, before);
    await writeNew(temp, content);
    await rename(temp, path);
    await syncFolder(folder);
  } catch (thrown) {
    await rm(temp, { force: true }).catch(() => undefined);
    throw explain('write', path, thrown);
  }
}
