import { DataError, messageOf } from '@elbo/core';
import { claimedLength, isGzip, parseIdx, type IdxArray } from './parse.js';

/** No more than this is unpacked by default: a corrupt or hostile file could grow a thousandfold. */
const mostBytes = 2 ** 30;

/** The longest header of an IDX file. */
const longestHeader = 20;

/** How far gzip is decompressed. */
export interface GunzipOptions {
  /** The most bytes that may come out; 2³⁰ by default. */
  readonly limit?: number;
  /** How many bytes are asked for at most, by the first 20 or more: the rest is neither unpacked nor checked. */
  readonly enough?: (beginning: Uint8Array) => number;
}

/**
 * Decompresses gzip, in Node and browsers.
 *
 * @param where what errors call the bytes.
 * @throws DataError when they are corrupt, cut short, or grow beyond `limit` bytes.
 */
export async function gunzip(
  bytes: Uint8Array,
  where: string,
  { limit = mostBytes, enough }: GunzipOptions = {},
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
  let wanted = Infinity;
  let asked = enough === undefined;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
      if (!asked && length >= longestHeader) {
        asked = true;
        wanted = enough!(joined(chunks, length));
      }
      if (length > limit || length >= wanted) break;
    }
  } catch (cause) {
    if (cause instanceof DataError) {
      await reader.cancel().catch(ignore);
      throw cause;
    }
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
      `${where}: it unpacks to more than ${limit} bytes, so it is corrupt or not such a dataset.`,
    );
  }
  if (length >= wanted) await reader.cancel().catch(ignore);
  return joined(chunks, length);
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}

/**
 * The bytes of an IDX file as they are, or decompressed if they are gzip: no further than its header says that it goes, so
 * that a small file cannot fill the memory.
 */
export async function unpacked(bytes: Uint8Array, where: string): Promise<Uint8Array> {
  if (!isGzip(bytes)) return bytes;
  return gunzip(bytes, where, {
    enough: (beginning) => {
      const claimed = claimedLength(beginning);
      if (claimed !== undefined && claimed > mostBytes)
        throw new DataError(
          `${where}: its header says that it holds ${claimed} bytes, more than the ${mostBytes} that can be read: it is corrupt or not such a dataset.`,
        );
      // One byte more tells that the header is wrong; of what is no IDX file the beginning tells.
      return claimed === undefined ? longestHeader : claimed + 1;
    },
  });
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
