import { FileError } from '@elbo/core';
import { writeFile } from 'node:fs/promises';

/** Writes a file where a person wants it. @throws FileError when it cannot be written. */
export async function writeOut(path: string, content: Uint8Array | string): Promise<void> {
  try {
    await writeFile(path, content);
  } catch (error) {
    throw new FileError(`${path} cannot be written (${(error as Error).message}).`, {
      cause: error,
    });
  }
}
