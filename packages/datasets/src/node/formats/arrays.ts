import { DataError, exactly } from '@elbo/core';
import { createHash } from 'node:crypto';
import { dirname, extname, join } from 'node:path';
import * as v from 'valibot';
import type { Dataset, Split } from '../../dataset.js';
import { arraySet } from '../../formats/array/array_set.js';
import { isNpy } from '../../formats/array/npy_header.js';
import { parseNpy, type NumericArray } from '../../formats/array/npy.js';
import { namesInNpz, parseNpz } from '../../formats/array/npz.js';
import { namesInSafetensors, parseSafetensors } from '../../formats/array/safetensors.js';
import type { FileFormat } from '../file_format.js';
import { readFirst, readOne } from '../files.js';
import type { Reading } from '../options.js';
import { allSplits, splitWords } from '../split_names.js';
import { parseReading } from './parse_reading.js';
import { splitFiles } from './split_files.js';

const isLabels = (name: string): boolean =>
  /(^|[^a-z])(labels?|targets?|y)([^a-z].*)?\.npy$/i.test(name);
const files = splitFiles(['.npy', '.npz', '.safetensors'], isLabels);

const schema = exactly({
  /** The array of an archive that has the rows. */
  array: v.exactOptional(v.string()),
  /** The one that has the labels; '' for none. */
  labels: v.exactOptional(v.string()),
});

/** A file of several arrays, by name. */
interface Archive {
  readonly names: typeof namesInNpz;
  readonly parse: typeof parseNpz;
}

const archives: Readonly<Record<string, Archive>> = {
  '.npz': { names: namesInNpz, parse: parseNpz },
  '.safetensors': { names: namesInSafetensors, parse: parseSafetensors },
};

/** How a file of several arrays is read; undefined of one that holds a single array. */
const archiveAt = (path: string): Archive | undefined => archives[extname(path).toLowerCase()];

/** NumPy's arrays, and those of safetensors: .npy, and files of several by the names of their arrays. */
export const arrayFiles: FileFormat = {
  name: 'arrays',
  files: '.npy, .npz, .safetensors',
  options: Object.keys(schema.entries),
  recognises: ({ kind, names, head }) =>
    kind === 'folder' ? names.some(files.isOne) : isNpy(head) || files.isOne(names[0]!),
  splits: async (place, { array }) => {
    const archive = place.kind === 'folder' ? undefined : archiveAt(place.path);
    if (!archive) return files.splits(place);
    if (array !== undefined) return ['train'];
    const names = archive.names(await bytesOf(place.path), place.path);
    return allSplits.filter((split) => split === 'train' || rowsNamed(names, split) !== undefined);
  },
  load: async (place, split, { reading }) => {
    const options = parseReading(schema, reading, place.path);
    const ofAllSplits = place.kind === 'file' && archiveAt(place.path) !== undefined;
    const path = ofAllSplits ? place.path : files.fileOf(place, split);
    const archive = archiveAt(path);
    const found = archive
      ? await fromArchive(archive, path, ofAllSplits ? split : undefined, options)
      : await fromFile(path);
    return setOf(found, { path, source: place.path, split, reading });
  },
};

interface Found {
  readonly rows: NumericArray;
  readonly labels?: NumericArray | undefined;
}

const bytesOf = async (path: string): Promise<Uint8Array> => (await readOne(path)).bytes;

/** One array, and the labels in the file beside it: `train.npy` with `train-labels.npy` or `train_labels.npy`. */
async function fromFile(path: string): Promise<Found> {
  const rows = parseNpy(await bytesOf(path), path);
  const stem = path.replace(/\.npy$/i, '');
  const beside = await readFirst([
    ...['-labels', '_labels', '.labels'].map((ending) => `${stem}${ending}.npy`),
    join(dirname(path), stem.endsWith('/x') ? 'y.npy' : 'labels.npy'),
  ]);
  return { rows, ...(beside && { labels: parseNpy(beside.bytes, beside.path) }) };
}

/** The names by which archives call their rows and labels, the likeliest first. */
const ofRows = ['x', 'images', 'data', 'samples', 'arr_0'];
const ofLabels = ['y', 'labels', 'label', 'targets', 'target'];

/** `x_train`, `train_x`, `train_images`, `train`: the array of a split in an archive. */
function named(
  names: readonly string[],
  split: Split,
  words: readonly string[],
): string | undefined {
  const wanted = words.flatMap((word) =>
    splitWords[split].flatMap((of) => [`${word}_${of}`, `${of}_${word}`]),
  );
  return wanted.find((name) => names.includes(name));
}

const rowsNamed = (names: readonly string[], split: Split): string | undefined =>
  named(names, split, ofRows) ?? splitWords[split].find((name) => names.includes(name));

async function fromArchive(
  archive: Archive,
  path: string,
  split: Split | undefined,
  options: v.InferOutput<typeof schema>,
): Promise<Found> {
  const bytes = await bytesOf(path);
  const names = archive.names(bytes, path);
  const rows =
    options.array ??
    (split && rowsNamed(names, split)) ??
    ofRows.find((name) => names.includes(name)) ??
    (names.length === 1 ? names[0] : undefined);
  if (rows === undefined || !names.includes(rows))
    throw new DataError(
      `${path}: ${rows === undefined ? 'which of its arrays has the rows cannot be told' : `there is no array '${rows}' in it`}: it has ${names.join(', ') || 'none'}. Name one: --array NAME.`,
    );
  const labels =
    options.labels ??
    (split && named(names, split, ofLabels)) ??
    ofLabels.find((name) => names.includes(name));
  if (labels && !names.includes(labels))
    throw new DataError(
      `${path}: there is no array '${labels}' in it: it has ${names.join(', ')}.`,
    );
  const found = archive.parse(bytes, path, (name) => name === rows || name === labels);
  return { rows: found.get(rows)!, labels: labels ? found.get(labels) : undefined };
}

function setOf(
  { rows, labels }: Found,
  {
    path,
    source,
    split,
    reading,
  }: { path: string; source: string; split: Split; reading: Reading | undefined },
): Dataset {
  const hash = createHash('sha256');
  for (const { shape, data } of [rows, ...(labels ? [labels] : [])])
    hash
      .update(`${JSON.stringify(shape)}\n`)
      .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return arraySet({
    rows,
    ...(labels && { labels }),
    name: path,
    config: {
      kind: 'file',
      source,
      split,
      digest: hash.digest('hex'),
      ...(reading && { reading }),
    },
  });
}
