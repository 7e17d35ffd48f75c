import { FileError, messageOf, printable } from '@elbo/core';

/** The `code` of a file system error, such as ENOENT; empty when there is none. */
export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
}

/** Whether an error says that nothing is at a path. */
export function isMissing(thrown: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(thrown));
}

const meanings: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full: free some space, or choose a folder on another disk'],
  ['EDQUOT', 'your disk quota is used up: free some space, or choose a folder on another disk'],
  ['EFBIG', 'the file is larger than this disk or a limit of the shell allows (ulimit -f)'],
  ['EACCES', 'permission denied: change the permissions, or choose another folder'],
  ['EPERM', 'the operation is not permitted: change the permissions, or choose another folder'],
  ['EROFS', 'the disk is read-only: choose another folder'],
  ['ENOENT', 'there is no such file or folder: check the path'],
  ['ENOTDIR', 'a part of the path is a file, not a folder: check the path'],
  ['EISDIR', 'it is a folder, not a file: check the path'],
  ['EEXIST', 'a file of that name is in the way: move it, or choose another folder'],
  ['ELOOP', 'it is a symbolic link, which is not followed: put the file itself there'],
  ['EMFILE', 'too many files are open: raise the limit (ulimit -n)'],
  ['ENAMETOOLONG', 'the path is too long: choose a shorter one'],
  ['EIO', 'the disk reported an error: check the disk'],
]);

/** What the system says of a failure, in words; with what caused it, where that is known. */
export function reasonOf(thrown: unknown): string {
  const meaning = meanings.get(codeOf(thrown));
  if (meaning !== undefined) return meaning;
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : undefined;
  return cause ? `${messageOf(thrown)}: ${cause.message}` : messageOf(thrown);
}

/** The error for a failed file operation: what was done, to which path, why it failed, what to do. */
export function explain(doing: string, path: string, thrown: unknown): FileError {
  if (thrown instanceof FileError) return thrown;
  return new FileError(`Cannot ${doing} ${printable(path)}: ${reasonOf(thrown)}.`, {
    cause: thrown,
  });
}
