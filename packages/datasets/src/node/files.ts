import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DataError } from '@elbo/core';

/** A file and its bytes. */
export interface FoundFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Files beyond this are no dataset that fits in memory. */
const mostBytes = 2 ** 31;

/** What the system says of a failure, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function isMissing(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/**
 * Makes a folder, and those above it that are missing. Not by `mkdir(folder, { recursive: true })`: Node's never
 * returns where the system answers "no such folder" for one whose parent exists, as under /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  const one = async (): Promise<void> => {
    try {
      await mkdir(folder);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST' || (await kindOf(folder)) !== 'folder') throw error;
    }
  };
  try {
    await one();
  } catch (error) {
    const above = dirname(folder);
    if (codeOf(error) !== 'ENOENT' || above === folder) throw error;
    await makeFolder(above);
    await one();
  }
}

/** Whether something is at a path, and what. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (isMissing(error)) return 'nothing';
    throw new DataError(`${path}: it cannot be looked at (${reasonOf(error)}).`, { cause: error });
  }
}

/** A path, and the one of the same file gzipped. */
export function orGzipped(path: string): readonly string[] {
  return [path, `${path}.gz`];
}

/** The first file that exists among the paths; `undefined` when none does. */
export async function readFirst(paths: readonly string[]): Promise<FoundFile | undefined> {
  for (const path of paths) {
    try {
      const { size } = await stat(path);
      if (size > mostBytes)
        throw new DataError(
          `${path}: it has ${size} bytes, more than the ${mostBytes} that can be read.`,
        );
      return { path, bytes: new Uint8Array(await readFile(path)) };
    } catch (error) {
      if (error instanceof DataError) throw error;
      if (!isMissing(error))
        throw new DataError(`${path}: it cannot be read (${reasonOf(error)}).`, { cause: error });
    }
  }
  return undefined;
}

/**
 * Writes a file whole or not at all: into a fresh folder beside it, then renamed.
 *
 * @throws DataError when the folder cannot be written.
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  try {
    await makeFolder(folder);
    const fresh = await mkdtemp(join(folder, '.download-'));
    try {
      await writeFile(join(fresh, basename(path)), bytes);
      await rename(join(fresh, basename(path)), path);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  } catch (error) {
    throw new DataError(
      `${path}: it cannot be written (${reasonOf(error)}). Make the folder writable, or name another by $XDG_CACHE_HOME.`,
      { cause: error },
    );
  }
}
