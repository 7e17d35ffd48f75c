import { DataError } from '@elbo/core';
import type { FileHandle } from 'node:fs/promises';

/** Bytes of a file from a place on. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, at + done);
    if (bytesRead === 0) throw new DataError('it is cut short');
    done += bytesRead;
  }
  return bytes;
}
