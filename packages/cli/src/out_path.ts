import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from './usage.js';

/** What a run's own report is made of. */
const own = ['report.html', 'samples.png', 'reconstructions.png'];

/**
 * Where `--out` says that a picture or a page goes.
 *
 * @throws UsageError for a name of another kind of file, and for a file that is a run's own.
 */
export function outPath(given: string, ending: '.png' | '.html'): string {
  if (!given.toLowerCase().endsWith(ending))
    throw new UsageError(
      given === ''
        ? `--out is empty: name a ${ending} file, or leave it out.`
        : `--out ${given}: this writes a ${ending} file: give it a name that ends in ${ending}.`,
    );
  const path = resolve(given);
  if (own.includes(basename(path)) && existsSync(join(dirname(path), 'config.json')))
    throw new UsageError(
      `--out ${given} is the run's own ${basename(path)}, which its report needs: choose another name.`,
    );
  return path;
}
