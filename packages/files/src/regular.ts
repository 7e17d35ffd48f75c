import { FileError, printable } from '@elbo/core';
import { constants, type Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { isMissing } from './explain.js';

/** Opens nothing through a symbolic link, where the system can see to that. */
export const noFollow: number = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;

/** Does not wait for the other end of a pipe. */
export const noWait: number = (constants as Partial<typeof constants>).O_NONBLOCK ?? 0;

/** @throws FileError for what is no regular file: a device, a pipe or a socket has no end, and is replaced by no file. */
export function expectRegular(doing: string, path: string, stats: Stats): void {
  const what = stats.isDirectory()
    ? 'it is a folder, not a file: check the path'
    : stats.isSymbolicLink()
      ? 'it is a symbolic link, which is not followed: put the file itself there, or name the file that it leads to'
      : 'it is a device, a pipe or a socket: name a regular file';
  if (!stats.isFile()) throw new FileError(`Cannot ${doing} ${printable(path)}: ${what}.`);
}

/** What is at a path itself, not at the end of a link; `undefined` when nothing is. */
export async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
}

/** @throws FileError for a symbolic link in the place of a folder that is part of another, as `checkpoints` is of a run. */
export async function expectFolder(folder: string): Promise<void> {
  if ((await lookAt(folder))?.isSymbolicLink())
    throw new FileError(
      `${printable(folder)} is a symbolic link, which is not followed: put the folder itself there, or make the folder above it the link.`,
    );
}
