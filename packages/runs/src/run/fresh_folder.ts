import { makeFolder } from '@elbo/files';
import { resolve } from 'node:path';

/**
 * Makes the first of the folders `base`, `base-2`, `base-3`, … that does not exist, and gives its path. Of several
 * processes that ask at once, each gets its own.
 *
 * @throws FileError when it cannot be made.
 */
export async function freshFolder(base: string): Promise<string> {
  for (let n = 1; ; n++) {
    const folder = resolve(n === 1 ? base : `${base}-${n}`);
    if (await makeFolder(folder)) return folder;
  }
}
