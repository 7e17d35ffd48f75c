import { parseJson, printable, type Json, type JsonLimits } from '@elbo/core';
import { readWhole, type ReadOptions } from './read_whole.js';

/**
 * The JSON in a file, by `parseJson`.
 *
 * @throws FileError when it cannot be read, is no regular file, too large, too deep, or not JSON in UTF-8.
 */
export async function readJson(
  path: string,
  { size = 2 ** 26, depth, ...options }: JsonLimits & ReadOptions = {},
): Promise<Json> {
  const bytes = await readWhole(path, { ...options, size });
  return parseJson(bytes, printable(path), { size, ...(depth !== undefined && { depth }) });
}
