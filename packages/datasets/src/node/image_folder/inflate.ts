import { DataError } from '@elbo/core';
import { codeOf } from '@elbo/files';
import { inflateRawSync, inflateSync } from 'node:zlib';

/** Runs zlib, whose errors say little, and none of which is of the data's size. */
function unpacked(unpack: () => Uint8Array): Uint8Array {
  try {
    return unpack();
  } catch (cause) {
    const code = codeOf(cause);
    const why =
      code === 'ERR_BUFFER_TOO_LARGE'
        ? 'it unpacks to more than it says'
        : code === 'Z_BUF_ERROR'
          ? 'it is cut short'
          : 'its compressed data are corrupt';
    throw new DataError(why, { cause });
  }
}

/** Decompresses what PNG files hold, no further than to `most` bytes. */
export function inflate(parts: readonly Uint8Array[], most: number): Uint8Array {
  return unpacked(() => inflateSync(Buffer.concat(parts), { maxOutputLength: most }));
}

/** Decompresses what zip files hold. */
export function inflateEntry(bytes: Uint8Array, most: number): Uint8Array {
  return unpacked(() => inflateRawSync(bytes, { maxOutputLength: Math.max(1, most) }));
}
