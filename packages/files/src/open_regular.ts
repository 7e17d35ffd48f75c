import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { expectRegular, noFollow, noWait } from './regular.js';

/**
 * Opens a regular file to read. Whoever opens it closes it.
 *
 * @param follow Whether a symbolic link in its place is followed; true by default, as for a path that a person gave.
 * @throws FileError for a pipe or a device, which may have no end, and does not wait for one; the system's error otherwise.
 */
export async function openRegular(
  path: string,
  { follow = true }: { readonly follow?: boolean } = {},
): Promise<FileHandle> {
  const handle = await open(path, constants.O_RDONLY | noWait | (follow ? 0 : noFollow));
  try {
    expectRegular('read', path, await handle.stat());
    return handle;
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
}
