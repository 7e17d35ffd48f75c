import { stat } from 'node:fs/promises';
import { DataError, FileError } from '@elbo/core';
import { isMissing, readWhole, reasonOf } from '@elbo/files';

/** A file and its bytes. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files beyond this are no dataset that fits in memory. */
const mostBytes = 2 ** 31;

/** Whether something is at a path, and what. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw new DataError(`${path}: it cannot be examined (${reasonOf(error)}).`, { cause: error });
  }
}

/** A path, and the one of the same file gzipped. */
export function orGzipped(path: string): readonly string[] {
  return [path, `${path}.gz`];
}

/** @throws DataError where there is no such file, or it cannot be read. */
export async function readOne(path: string): Promise<FoundFile> {
  const file = await readFirst([path]);
  if (!file) throw new DataError(`${path}: there is no such file.`);
  return file;
}

/** The first file that exists among the paths; `undefined` when none does. */
export async function readFirst(paths: readonly string[]): Promise<FoundFile | undefined> {
  for (const path of paths) {
    try {
      return { path, bytes: await readWhole(path, { size: mostBytes }) };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      if (!isMissing(error.cause)) throw new DataError(error.message, { cause: error });
    }
  }
  return undefined;
}
