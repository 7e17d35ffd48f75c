import { DataError } from '@elbo/core';
import { basename, join } from 'node:path';
import type { Split } from '../../dataset.js';
import type { Place } from '../place.js';
import { allSplits, splitNamed, splitWords } from '../split_names.js';

/** The files of a format at a place, which the endings of their names tell. */
export interface SplitFiles {
  isOne(name: string): boolean;
  /** The splits that files of a folder are named by; a file of its own is all there is. */
  splits(place: Place): readonly Split[];
  /**
   * The path of the file of a split.
   *
   * @throws DataError where there is none, or more than one.
   */
  fileOf(place: Place, split: Split): string;
}

/**
 * A file for each split: `train.csv`, `val.csv`, `test.csv` in a folder, or one file of all rows. A folder with a single file
 * has all rows in it.
 */
export function splitFiles(
  endings: readonly string[],
  isBeside: (name: string) => boolean = () => false,
): SplitFiles {
  const isOne = (name: string): boolean =>
    endings.some((ending) => name.toLowerCase().endsWith(ending)) && !isBeside(name);
  const inFolder = (names: readonly string[], split: Split): readonly string[] => {
    const own = names.filter(isOne);
    const named = own.filter((name) => splitNamed(name) === split);
    return named.length === 0 && split === 'train' && own.length === 1 ? own : named;
  };
  return {
    isOne,
    splits: ({ kind, names }) =>
      kind === 'folder'
        ? allSplits.filter((split) => inFolder(names, split).length > 0)
        : ['train'],
    fileOf: ({ path, kind, names }, split) => {
      if (kind === 'file') {
        if (split === 'train') return path;
        throw new DataError(
          `${path}: one file has no ${split} split. Hold out rows: heldOut(), or --hold-out 0.1,0.1 at the command.`,
        );
      }
      const [found, ...others] = inFolder(names, split);
      if (found === undefined)
        throw new DataError(
          `${path}: there is no file of the ${split} split in it. Put one there whose name says ${splitWords[split].join(' or ')}, such as ${splitWords[split][0]!}${endings[0]!}, or name one file instead of the folder.`,
        );
      if (others.length > 0)
        throw new DataError(
          `${path}: there are several files of the ${split} split: ${[found, ...others].map((name) => basename(name)).join(', ')}. Name one of them instead of the folder.`,
        );
      return join(path, found);
    },
  };
}
