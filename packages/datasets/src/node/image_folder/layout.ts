import type { Split } from '../../dataset.js';
import { allSplits, splitWords } from '../split_names.js';
import type { ImageFile } from './image_file.js';

/** What the folders of images say: which files are of which split, and which classes there are. */
export interface Layout {
  readonly splits: readonly Split[];
  /** The names of the classes of all splits, sorted; none where no folders tell any. */
  readonly classNames: readonly string[];
  /** Files beside the folders of the splits, which are in none. */
  readonly stray: readonly ImageFile[];
  /** The images of a split. */
  rows(split: Split): readonly LaidFile[];
}

/** An image and its class: a place among the names, −1 for one that lies in no folder of a class. */
interface LaidFile {
  readonly file: ImageFile;
  readonly label: number;
}

/** A file, and what of its path is still to be told: folders first, its name last. */
interface Placed {
  readonly file: ImageFile;
  readonly names: readonly string[];
}

/** The split whose folder has this name. */
function splitOf(folder: string): Split | undefined {
  return allSplits.find((split) => splitWords[split].includes(folder.toLowerCase()));
}

/** Goes into a folder that has all there is. */
function entered(files: readonly Placed[]): readonly Placed[] {
  const [first] = files[0]?.names ?? [];
  const alone = files.every(({ names }) => names.length > 1 && names[0] === first);
  if (!alone || first === undefined || splitOf(first)) return files;
  return entered(files.map(({ file, names }) => ({ file, names: names.slice(1) })));
}

/**
 * What folders say of images: those called train, val (or validation, valid) and test are splits, if there is one for
 * training; in them, or where there are none, each folder is a class. A folder that has all there is says nothing.
 */
export function layoutOf(files: readonly ImageFile[]): Layout {
  const placed = entered(files.map((file) => ({ file, names: file.path.split('/') })));
  const splitFor = ({ names }: Placed): Split | undefined =>
    names.length > 1 ? splitOf(names[0]!) : undefined;
  const bySplit = placed.some((each) => splitFor(each) === 'train');
  const parts = new Map<Split, Placed[]>();
  const stray: ImageFile[] = [];
  for (const each of placed) {
    const split = bySplit ? splitFor(each) : 'train';
    if (!split) {
      stray.push(each.file);
      continue;
    }
    const part = parts.get(split) ?? [];
    parts.set(split, part);
    part.push(bySplit ? { file: each.file, names: each.names.slice(1) } : each);
  }
  const found = [...parts.values()]
    .flat()
    .flatMap(({ names }) => (names.length > 1 ? [names[0]!] : []));
  const classNames = [...new Set(found)].sort();
  const numbers = new Map(classNames.map((name, i) => [name, i]));
  return {
    splits: allSplits.filter((split) => parts.has(split)),
    classNames,
    stray,
    rows: (split) =>
      (parts.get(split) ?? []).map(({ file, names }) => ({
        file,
        label: names.length > 1 ? numbers.get(names[0]!)! : -1,
      })),
  };
}
