import { DataError } from '@elbo/core';
import { explain, openRegular } from '@elbo/files';
import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { kindOf } from './files.js';

/** What is at a path, as far as names and first bytes tell. */
export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** The names in a folder, sorted, those of folders with a '/' behind; of a file its own. */
  readonly names: readonly string[];
  /** The first bytes of a file; none of a folder. */
  readonly head: Uint8Array;
}

/** As many bytes as tell one format from another. */
const headSize = 16;

/** @throws DataError where nothing is at the path, or it cannot be read. */
export async function placeAt(path: string): Promise<Place> {
  const absolute = resolve(path);
  const kind = await kindOf(absolute);
  if (kind === 'nothing') throw new DataError(`${absolute}: there is no such file or folder.`);
  try {
    if (kind === 'folder') {
      return { path: absolute, kind, names: await namesIn(absolute), head: new Uint8Array(0) };
    }
    return { path: absolute, kind, names: [basename(absolute)], head: await headOf(absolute) };
  } catch (error) {
    throw new DataError(explain('read', absolute, error).message, { cause: error });
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const visible = entries.filter(({ name }) => !name.startsWith('.'));
  const names = visible.map(async (entry) => {
    const isFolder = entry.isSymbolicLink()
      ? (await kindOf(join(folder, entry.name))) === 'folder'
      : entry.isDirectory();
    return isFolder ? `${entry.name}/` : entry.name;
  });
  return (await Promise.all(names)).sort();
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await openRegular(path);
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: new Uint8Array(headSize),
      length: headSize,
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
