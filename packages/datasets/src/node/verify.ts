import { DataError, sameShape } from '@elbo/core';
import { createHash } from 'node:crypto';
import { isGzip, parseIdx, type IdxArray } from '../formats/idx/parse.js';
import { unpacked } from '../formats/idx/read.js';
import type { FoundFile } from './files.js';
import { sources, type Source, type SourceFile } from './sources.js';

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Which known file of another dataset content with this digest is. */
function knownAs(digest: string, but: Source, among: readonly Source[]): string | undefined {
  for (const source of among)
    for (const { file, content } of [source.train, source.test].flatMap((part) => [
      part.images,
      part.labels,
    ]))
      if (source.name !== but.name && content === digest) return `${source.name}'s ${file}`;
  return undefined;
}

/** The array in a file that should be `expected`; `notice` says what could not be checked. */
export interface Verified {
  readonly array: IdxArray;
  readonly notice?: string;
}

/**
 * Reads a file of a known dataset and checks its shape and its digest.
 *
 * @param strict whether a gzip file must be the very one whose digest is known, as one from a mirror must.
 * @param among the datasets for which the file may have been taken; all that are known by default.
 * @throws DataError when it is not what it should be.
 */
export async function verify(
  { path, bytes }: FoundFile,
  source: Source,
  expected: SourceFile,
  { strict, among = sources }: { readonly strict: boolean; readonly among?: readonly Source[] },
): Promise<Verified> {
  const content = await unpacked(bytes, path);
  const array = parseIdx(content, path);
  const is = `${source.name}'s ${expected.file}`;
  if (!sameShape(array.shape, expected.shape))
    throw new DataError(
      `${path}: it holds ${array.shape.join(' × ')} bytes and is not ${is}, which holds ${expected.shape.join(' × ')}. Put the right file there, or remove it.`,
    );
  const digest = sha256(content);
  const other = knownAs(digest, source, among);
  if (other !== undefined)
    throw new DataError(
      `${path}: this is ${other}, not ${is}. Put each dataset in a folder of its own name.`,
    );
  if (expected.content !== undefined) {
    if (digest === expected.content) return { array };
    throw new DataError(
      `${path}: its content is not ${is}: the SHA-256 is ${digest}, not ${expected.content}. It is corrupt or changed: remove it, and it will be downloaded again.`,
    );
  }
  if (isGzip(bytes) && sha256(bytes) === expected.gzip) return { array };
  if (strict)
    throw new DataError(
      `${path}: it is not ${is}: the SHA-256 of the gzip file is ${sha256(bytes)}, not ${expected.gzip ?? 'known'}.`,
    );
  return {
    array,
    notice: `${path}: only its shape was checked; the known digest of ${is} is that of the original gzip file, and this is another or unpacked.`,
  };
}
