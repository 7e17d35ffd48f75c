import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, explain } from './explain.js';

/**
 * Makes one folder.
 *
 * @returns Whether it was made; not when it was there.
 */
async function madeOne(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (thrown) {
    const there = codeOf(thrown) === 'EEXIST' && (await stat(folder)).isDirectory();
    if (there) return false;
    throw thrown;
  }
}

/**
 * Makes a folder, and those above it that are missing. Not by `mkdir(folder, { recursive: true })`: Node's never
 * returns where the system answers "no such folder" for one whose parent exists, as under /proc.
 *
 * @returns Whether it was made; not when it was there, be it by a symbolic link.
 * @throws FileError when a file is in the way or the file system refuses.
 */
export async function makeFolder(folder: string): Promise<boolean> {
  try {
    return await madeOne(folder);
  } catch (thrown) {
    const above = dirname(folder);
    if (codeOf(thrown) !== 'ENOENT' || above === folder)
      throw explain('make the folder', folder, thrown);
    await makeFolder(above);
  }
  try {
    return await madeOne(folder);
  } catch (thrown) {
    throw explain('make the folder', folder, thrown);
  }
}
