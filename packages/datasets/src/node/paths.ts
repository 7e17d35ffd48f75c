import { DataError } from '@elbo/core';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Dataset, Split } from '../dataset.js';
import { readIdx } from '../formats/idx/read.js';
import { fileSet } from './file_set.js';
import { kindOf, orGzipped, readFirst } from './files.js';

/** The words by which file names say what split they hold. */
const words: Readonly<Record<Split, readonly string[]>> = {
  train: ['train'],
  validation: ['validation', 'valid', 'val'],
  test: ['t10k', 'test'],
};

/** The words of a file's name: `train-images.idx3-ubyte` has train, images, idx3 and ubyte. */
function wordsOf(file: string): readonly string[] {
  return file.toLowerCase().split(/[^a-z0-9]+/);
}

function isImagesOf(split: Split, file: string): boolean {
  const has = wordsOf(file);
  return has.includes('images') && words[split].some((word) => has.includes(word));
}

/** The path of a split's images in a folder; the plain file when it is there gzipped too. */
async function imagesIn(folder: string, split: Split): Promise<string> {
  const files = (await readdir(folder)).filter((file) => isImagesOf(split, file));
  const [found, ...others] = files.filter(
    (file) => !(file.endsWith('.gz') && files.includes(file.slice(0, -3))),
  );
  if (found === undefined)
    throw new DataError(
      `${folder}: there are no images of the ${split} split in it: put an IDX file there whose name has the words ${words[split].join(' or ')} and images, such as ${words[split][0]!}-images-idx3-ubyte.gz, or name the file itself.`,
    );
  if (others.length > 0)
    throw new DataError(
      `${folder}: there are several files of images of the ${split} split: ${[found, ...others].join(', ')}. Name one of them instead of the folder.`,
    );
  return join(folder, found);
}

/** The splits whose images are at a path, by name; a file of images is its own train split, unless its name says otherwise. */
export async function splitsAt(path: string): Promise<readonly Split[]> {
  const splits = Object.keys(words) as Split[];
  const named = (file: string): readonly Split[] =>
    splits.filter((split) => isImagesOf(split, file));
  if ((await kindOf(path)) === 'folder') return (await readdir(path)).flatMap(named);
  return ['train', ...named(basename(path)).filter((split) => split !== 'train')];
}

/** The path of the labels that belong to images, by name; `undefined` when the name does not say. */
function labelsBeside(images: string): string | undefined {
  const file = basename(images);
  const labels = file.replace(/images/i, 'labels').replace(/idx[34]/i, 'idx1');
  return labels === file ? undefined : join(dirname(images), labels);
}

/** Loads a folder of IDX files, or a file of images with the labels beside it. */
export async function loadPath(path: string, split: Split): Promise<Dataset> {
  const absolute = resolve(path);
  const images =
    (await kindOf(absolute)) === 'folder'
      ? await imagesIn(absolute, split)
      : imagesOf(absolute, split);
  const file = await readFirst([images]);
  if (!file) throw new DataError(`${images}: there is no such file.`);
  const labelsPath = labelsBeside(images.replace(/\.gz$/, ''));
  const labels = labelsPath === undefined ? undefined : await readFirst(orGzipped(labelsPath));
  return fileSet({
    images: await readIdx(file.bytes, file.path),
    ...(labels && { labels: await readIdx(labels.bytes, labels.path) }),
    name: file.path,
    source: absolute,
    split,
  });
}

/** A file of images is its own train split, unless its name says otherwise; the others are not known. */
function imagesOf(path: string, split: Split): string {
  const says = (['validation', 'test'] as const).find((other) => isImagesOf(other, basename(path)));
  if (split === 'train' || split === says) return path;
  throw new DataError(
    `${path}: one file of images has no ${split} split. Name its folder, whose files are told apart by name, or hold out rows: heldOut(), or --hold-out 0.1,0.1 at the command.`,
  );
}
