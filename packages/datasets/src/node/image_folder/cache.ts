import { DataError, exactly, FileError, whole } from '@elbo/core';
import { openRegular, makeFolder, readJson, reasonOf, writeWhole } from '@elbo/files';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { cacheFolder } from '../folders.js';
import type { Decoded } from './decoded.js';
import type { ImageFile } from './image_file.js';
import { readAt } from './read_at.js';

/** Raised when files would be decoded to other values. */
const version = 1;

/** What decoded images are of. */
export interface CacheQuestion {
  /** A folder or a zip file, absolute. */
  readonly source: string;
  readonly split: string;
  /** How they are read, but for `grey`. */
  readonly reading: { readonly size: readonly number[]; readonly crop: string };
  /** Whether colours became greys; `undefined` for only where there are none. */
  readonly grey: boolean | undefined;
  readonly files: readonly ImageFile[];
}

const schema = exactly({
  version: v.literal(version),
  files: v.string(),
  grey: v.nullable(v.boolean()),
  channels: v.picklist([1, 3]),
  kept: v.array(whole(0)),
  skipped: v.array(exactly({ path: v.string(), why: v.string() })),
  sha256: v.string(),
});

function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Which files these are, and in which state. */
function stateOf(files: readonly ImageFile[]): string {
  return sha256(files.map(({ path, size, stamp }) => JSON.stringify([path, size, stamp])).join());
}

/** Where the pixels are kept; what they are of lies beside, and is written later. */
function pathFor({ source, split, reading }: CacheQuestion): string {
  const name = sha256(JSON.stringify([source, split, reading.size, reading.crop]));
  return join(cacheFolder(), 'images', name.slice(0, 32));
}

/** Whether images that were decoded as `had` are as they would be now. */
function fits(had: boolean | null, channels: 1 | 3, grey: boolean | undefined): boolean {
  if (grey === undefined) return had === null;
  return channels === (grey ? 1 : 3) && (had === null || had === grey);
}

/** What was decoded before, where it is of the same files in the same state and whole. */
export async function readCache(question: CacheQuestion): Promise<Decoded | undefined> {
  const path = pathFor(question);
  try {
    const found = v.parse(schema, await readJson(`${path}.json`));
    if (found.files !== stateOf(question.files)) return undefined;
    if (!fits(found.grey, found.channels, question.grey)) return undefined;
    const [height = 0, width = 0] = question.reading.size;
    const length = found.kept.length * height * width * found.channels;
    const pixels = await readPixels(`${path}.bytes`, length);
    if (sha256(pixels) !== found.sha256) return undefined;
    const { channels, kept, skipped } = found;
    return { channels, pixels, kept, skipped };
  } catch (error) {
    // A cache that is broken is made again.
    if (error instanceof FileError || error instanceof DataError || v.isValiError(error))
      return undefined;
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

async function readPixels(path: string, length: number): Promise<Uint8Array> {
  const file = await openRegular(path);
  try {
    return await readAt(file, 0, length);
  } finally {
    await file.close();
  }
}

/**
 * Keeps what was decoded.
 *
 * @returns why it could not be kept, where it could not: that is no reason to stop.
 */
export async function writeCache(
  question: CacheQuestion,
  { channels, pixels, kept, skipped }: Decoded,
): Promise<string | undefined> {
  const path = pathFor(question);
  try {
    await makeFolder(dirname(path));
    await writeWhole(`${path}.bytes`, pixels);
    const about: v.InferOutput<typeof schema> = {
      version,
      files: stateOf(question.files),
      grey: question.grey ?? null,
      channels,
      kept: [...kept],
      skipped: [...skipped],
      sha256: sha256(pixels),
    };
    await writeWhole(`${path}.json`, JSON.stringify(about));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}
