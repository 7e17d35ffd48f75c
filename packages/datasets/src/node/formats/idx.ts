import { DataError } from '@elbo/core';
import { basename, dirname, join } from 'node:path';
import type { Dataset, Split } from '../../dataset.js';
import { isGzip } from '../../formats/idx/parse.js';
import { readIdx } from '../../formats/idx/read.js';
import type { FileFormat } from '../file_format.js';
import { orGzipped, readFirst, readOne } from '../files.js';
import type { Place } from '../place.js';
import { allSplits, splitWords, wordsOf } from '../split_names.js';
import { idxSet } from './idx_set.js';

/** IDX files, MNIST's format: one of images, or a folder in which names tell splits, and labels from images. */
export const idxFiles: FileFormat = {
  name: 'IDX images',
  files: 'train-images-idx3-ubyte, gzipped or not',
  options: [],
  recognises: ({ kind, names, head }) =>
    kind === 'folder'
      ? names.some((file) => allSplits.some((split) => isImagesOf(split, file)))
      : (head[0] === 0 && head[1] === 0) ||
        names.some(isNamedIdx) ||
        (isGzip(head) && !isOther(names)),
  splits: ({ kind, names: [own = '', ...others] }) => {
    const named = (file: string): readonly Split[] =>
      allSplits.filter((split) => isImagesOf(split, file));
    if (kind === 'folder') return [own, ...others].flatMap(named);
    return ['train', ...named(own).filter((split) => split !== 'train')];
  },
  load: async (place, split) => {
    const images = place.kind === 'folder' ? imagesIn(place, split) : imagesOf(place.path, split);
    return loadImages(images, place.path, split);
  },
};

const isNamedIdx = (file: string): boolean =>
  wordsOf(file).some((word) => /^idx\d$/.test(word) || word === 'ubyte');

/** Whether a gzip file says that something else is in it. */
const isOther = ([file = '']: readonly string[]): boolean =>
  /\.(csv|tsv|jsonl|ndjson|txt|npy|tar|tgz)(\.gz)?$/i.test(file);

function isImagesOf(split: Split, file: string): boolean {
  const has = wordsOf(file);
  if (file.endsWith('/') || !has.includes('images')) return false;
  return splitWords[split].some((word) => has.includes(word));
}

/** The path of a split's images in a folder; the plain file when it is there gzipped too. */
function imagesIn({ path: folder, names }: Place, split: Split): string {
  const files = names.filter((file) => isImagesOf(split, file));
  const [found, ...others] = files.filter(
    (file) => !(file.endsWith('.gz') && files.includes(file.slice(0, -3))),
  );
  if (found === undefined)
    throw new DataError(
      `${folder}: there are no images of the ${split} split in it: put an IDX file there whose name has the words ${splitWords[split].join(' or ')} and images, such as ${splitWords[split][0]!}-images-idx3-ubyte.gz, or name the file itself.`,
    );
  if (others.length > 0)
    throw new DataError(
      `${folder}: there are several files of images of the ${split} split: ${[found, ...others].join(', ')}. Name one of them instead of the folder.`,
    );
  return join(folder, found);
}

/** The path of the labels that belong to images, by name; `undefined` when the name does not say. */
function labelsBeside(images: string): string | undefined {
  const file = basename(images);
  const labels = file.replace(/images/i, 'labels').replace(/idx[34]/i, 'idx1');
  return labels === file ? undefined : join(dirname(images), labels);
}

async function loadImages(images: string, source: string, split: Split): Promise<Dataset> {
  const file = await readOne(images);
  const labelsPath = labelsBeside(images.replace(/\.gz$/, ''));
  const labels = labelsPath === undefined ? undefined : await readFirst(orGzipped(labelsPath));
  return idxSet({
    images: await readIdx(file.bytes, file.path),
    ...(labels && { labels: await readIdx(labels.bytes, labels.path) }),
    name: file.path,
    source,
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
