import type { Dataset, Split } from '../dataset.js';
import type { FileOptions, Reading } from './options.js';
import type { Place } from './place.js';

/** A format that datasets of files come in. */
export interface FileFormat {
  /** What errors call it: 'images', 'a table'. */
  readonly name: string;
  /** The names that tell its files, for people: '.csv, .tsv'. */
  readonly files: string;
  /** The names of its options of reading. */
  readonly options: readonly string[];
  /** Whether what is at a place is of this format, by names and first bytes. */
  recognises(place: Place): boolean | Promise<boolean>;
  /** The splits that have files of their own. All rows are the train split's where no names say otherwise. */
  splits(place: Place, reading: Reading): Promise<readonly Split[]> | readonly Split[];
  /**
   * Reads a split. The config is `{ kind: 'file', source, split, digest, reading }`: the path, the SHA-256 of what was read,
   * and the options of reading as they were chosen or found, so that they read the same rows again, and other splits alike.
   *
   * @throws DataError that names the file, and where in it what is wrong; ConfigError for an option that does not fit.
   */
  load(place: Place, split: Split, options: FileOptions): Promise<Dataset>;
}
