import { FileError, printable } from '@elbo/core';
import { explain } from './explain.js';
import { openRegular } from './open_regular.js';

/** How a file is read. */
export interface ReadOptions {
  /** The most bytes that are read; 2³¹ by default. */
  readonly size?: number;
  /** Whether a symbolic link in the file's place is followed; true by default, as for a path that a person gave. */
  readonly follow?: boolean;
}

/**
 * All bytes of a regular file.
 *
 * @throws FileError when it cannot be read, is larger than it may be, or is no regular file: a pipe or a device may have no end.
 */
export async function readWhole(
  path: string,
  { size: most = 2 ** 31, follow = true }: ReadOptions = {},
): Promise<Uint8Array> {
  try {
    const handle = await openRegular(path, { follow });
    try {
      const stats = await handle.stat();
      if (stats.size > most)
        throw new FileError(
          `Cannot read ${printable(path)}: it has ${stats.size} bytes, more than the limit of ${most} for such a file.`,
        );
      return new Uint8Array(await handle.readFile());
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    throw explain('read', path, thrown);
  }
}
