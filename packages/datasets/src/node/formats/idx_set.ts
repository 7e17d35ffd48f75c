import { createHash } from 'node:crypto';
import type { Dataset, Split } from '../../dataset.js';
import { idx, type IdxOptions } from '../../formats/idx/idx.js';
import type { IdxArray } from '../../formats/idx/parse.js';

/** What a set is read from, and what was in it. */
export interface IdxSetOptions extends Pick<IdxOptions, 'images' | 'classes' | 'name'> {
  readonly labels?: IdxArray;
  /** As `loadDataset` takes it, a path absolute. */
  readonly source: string;
  readonly split: Split;
}

/** The SHA-256 of arrays, shapes and all: however the files are compressed, and wherever they lie. */
function digestOf(arrays: readonly IdxArray[]): string {
  const hash = createHash('sha256');
  for (const { shape, data } of arrays) hash.update(`${JSON.stringify(shape)}\n`).update(data);
  return hash.digest('hex');
}

/** A set of IDX files. Its config says by a digest what they held, so that it is noticed when they hold something else. */
export function idxSet({ source, split, ...set }: IdxSetOptions): Dataset {
  const digest = digestOf([set.images, ...(set.labels ? [set.labels] : [])]);
  return idx({ ...set, config: { kind: 'file', source, split, digest } });
}
