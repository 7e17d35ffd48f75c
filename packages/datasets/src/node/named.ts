import { DataError, FileError } from '@elbo/core';
import { writeWhole } from '@elbo/files';
import { join } from 'node:path';
import type { Dataset, Split } from '../dataset.js';
import type { IdxArray } from '../formats/idx/parse.js';
import { download } from './download.js';
import { idxSet } from './formats/idx_set.js';
import { orGzipped, readFirst } from './files.js';
import { cacheFolder, dataFolders } from './folders.js';
import type { FileOptions } from './options.js';
import type { Source, SourceFile } from './sources.js';
import { verify } from './verify.js';

/** Loads a dataset that is known by name: from the data folders, else from its mirrors. */
export async function loadNamed(
  source: Source,
  split: Split,
  options: FileOptions,
): Promise<Dataset> {
  if (split === 'validation')
    throw new DataError(
      `${source.name} has a train and a test split and no validation split: hold out training rows with heldOut().`,
    );
  const { images, labels } = source[split];
  return idxSet({
    images: await loadFile(source, images, options),
    labels: await loadFile(source, labels, options),
    classes: source.classes,
    name: source.name,
    source: source.name,
    split,
  });
}

/** The names under which a file is known: `train-images-idx3-ubyte` and `train-images.idx3-ubyte`. */
function spellings(file: string): readonly string[] {
  return [file, file.replace('-idx', '.idx')];
}

async function loadFile(
  source: Source,
  expected: SourceFile,
  options: FileOptions,
): Promise<IdxArray> {
  const folders = dataFolders(options).flatMap((folder) => [join(folder, source.name), folder]);
  const places = folders.flatMap((folder) =>
    spellings(expected.file).flatMap((file) => orGzipped(join(folder, file))),
  );
  const found = await readFirst(places);
  if (!found) return fetchFile(source, expected, options, folders);
  const { array, notice } = await verify(found, source, expected, { strict: false });
  if (notice !== undefined) options.onNotice?.(notice);
  return array;
}

/** Downloads a file from the first mirror that has the right one, and keeps it in the cache folder. */
async function fetchFile(
  source: Source,
  expected: SourceFile,
  options: FileOptions,
  looked: readonly string[],
): Promise<IdxArray> {
  const { download: allowed = true } = options;
  const file = `${expected.file}.gz`;
  const kept = join(cacheFolder(), source.name);
  const failures: string[] = [];
  for (const mirror of allowed ? source.mirrors : []) {
    const got = await fromMirror(source, expected, new URL(file, mirror).href, options);
    if (got instanceof DataError) {
      failures.push(got.message);
      continue;
    }
    await keep(join(kept, file), got.bytes);
    return got.array;
  }
  throw new DataError(
    [
      `${source.name}: ${file} was not found in ${looked.join(', ')}.`,
      ...(allowed ? failures : ['Downloading is turned off.']),
      `Put it (from ${source.mirrors.join(' or ')}) into ${kept}, or name the folder where it is by --data-dir or $ELBO_DATA_DIR.`,
    ].join('\n'),
  );
}

/** @throws DataError when the cache folder cannot be written. */
async function keep(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeWhole(path, bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new DataError(`${error.message} Set $XDG_CACHE_HOME to use another folder.`, {
      cause: error,
    });
  }
}

/** A file of a mirror, or why it has none that is right. */
async function fromMirror(
  source: Source,
  expected: SourceFile,
  path: string,
  { onProgress, signal }: FileOptions,
): Promise<{ readonly bytes: Uint8Array; readonly array: IdxArray } | DataError> {
  const about = { dataset: source.name, file: `${expected.file}.gz` };
  try {
    const bytes = await download(path, {
      ...(signal && { signal }),
      onProgress: (received, total) =>
        onProgress?.({ ...about, received, ...(total !== undefined && { total }) }),
    });
    const { array } = await verify({ path, bytes }, source, expected, { strict: true });
    return { bytes, array };
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
}
