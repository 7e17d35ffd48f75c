import { DataError, messageOf } from '@elbo/core';
import { isGzip, parseIdx, type IdxArray } from './parse.js';

/** No more than this is unpacked by default: a corrupt or hostile file could grow a thousandfold. */
const mostBytes = 2 ** 30;

/**
 * Decompresses gzip, in Node and browsers.
 *
 * @param where what errors call the bytes.
 * @throws DataError when they are corrupt, cut short, or grow beyond `limit` bytes.
 */
export async function gunzip(
  bytes: Uint8Array,
  where: string,
  { limit = mostBytes }: { readonly limit?: number } = {},
): Promise<Uint8Array> {
  const { readable, writable } = new DecompressionStream('gzip');
  // Written without waiting, as the stream takes no more than it can pass on. Its failures show on the reading side.
  const writer = writable.getWriter();
  const ignore = (): undefined => undefined;
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(ignore);
  writer.close().catch(ignore);
  const reader = readable.getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      if (length > limit) break;
    }
  } catch (cause) {
    throw new DataError(
      `${where}: its gzip data are corrupt or cut short (${messageOf(cause)}). Download or copy it again.`,
      {
        cause,
      },
    );
  }
  if (length > limit) {
    await reader.cancel().catch(ignore);
    throw new DataError(
      `${where}: it unpacks to more than ${limit} bytes, so it is corrupt or no such dataset.`,
    );
  }
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/** Bytes as they are, or decompressed if they are gzip. */
export async function unpacked(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  return isGzip(bytes) ? gunzip(bytes, where) : bytes;
}

/**
 * Reads an IDX file, gzipped or not.
 *
 * @param where what errors call the bytes, such as the file's path.
 * @throws DataError as `gunzip` and `parseIdx`.
 */
export async function readIdx(bytes: Uint8Array, where: string): Promise<IdxArray> {
  return parseIdx(await unpacked(bytes, where), where);
}
