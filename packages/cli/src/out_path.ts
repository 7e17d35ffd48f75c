import { existsSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { UsageError } from './usage.js';

/** What a run's own report is made of. */
const own = ['report.html', 'samples.png', 'reconstructions.png'];

/** A kind of file that `--out` can name, by its ending. */
export type Ending = `.${string}` | '';

/** `a .png or .csv file`. */
function kinds(endings: readonly Ending[]): string {
  const named = endings.filter((ending) => ending !== '');
  const files = [named.slice(0, -1).join(', '), named.at(-1)!].filter(Boolean).join(' or ');
  return `a ${files} file${named.length < endings.length ? ' or, without an ending, a folder' : ''}`;
}

/** The ending of a file's name, in small letters. */
export const endingOf = (path: string): string => extname(path).toLowerCase();

/**
 * Where `--out` says that a file goes.
 *
 * @param endings What its name may end in; '' of a folder.
 * @throws UsageError for a name of another kind of file, and for a file that is a run's own.
 */
export function outPath(given: string, endings: readonly Ending[]): string {
  if (!endings.some((ending) => endingOf(given) === ending))
    throw new UsageError(
      `--out ${given}: the command writes ${kinds(endings)}, so give a name that ends in ${endings.filter(Boolean).join(' or ')}.`,
    );
  const path = resolve(given);
  const folder = dirname(path);
  const isRun = (dir: string): boolean => existsSync(join(dir, 'config.json'));
  if (own.includes(basename(path)) && isRun(folder))
    throw new UsageError(
      `--out ${given} is the run's own ${basename(path)}, which its report needs: choose another name.`,
    );
  if (basename(folder) === 'checkpoints' && isRun(dirname(folder)))
    throw new UsageError(
      `--out ${given} is in a run's folder of checkpoints, from which it resumes: choose another folder.`,
    );
  return path;
}
