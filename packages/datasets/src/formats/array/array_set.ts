import { DataError, type Config } from '@elbo/core';
import type { Dataset } from '../../dataset.js';
import { fromArrays } from '../arrays.js';
import { idx } from '../idx/idx.js';
import type { NumericArray } from './npy.js';

/** Rows of an array, with labels where there are some. */
export interface ArraySetOptions {
  /** `[N, …]`. */
  readonly rows: NumericArray;
  /** Whole numbers, `[N]` or `[N, 1]`. */
  readonly labels?: NumericArray;
  /** What errors call the set. */
  readonly name: string;
  readonly config: Config;
}

/**
 * A dataset of the rows of an array. `[N, H, W]` and `[N, H, W, C]`, C being 1 or 3, are images if their values are bytes, or
 * floats from 0 to 1; bytes are held as such, and are bits where none is above 1. All else are numbers: `[N]` is one column.
 *
 * @throws DataError for values that are not finite, and labels that are none of these rows.
 */
export function arraySet({ rows, labels, name, config }: ArraySetOptions): Dataset {
  const [size = 0, ...own] = rows.shape;
  if (rows.shape.length === 0 || rows.data.length === 0)
    throw new DataError(
      `${name}: its shape is [${rows.shape.join(', ')}], which has no rows. Give an array of shape [rows, …].`,
    );
  const label = labels && labelsOf(labels, size, name);
  const image = imageShape(own, rows);
  const given = { name, config, ...(label && { label }) };
  if (image && rows.data instanceof Uint8Array && rows.data.some((byte) => byte > 1))
    return {
      ...idx({
        images: { shape: [size, ...image], data: rows.data },
        ...(label && { labels: { shape: [size], data: label } }),
        name,
        config,
      }),
    };
  const x = rows.data instanceof Float32Array ? rows.data : Float32Array.from(rows.data);
  const shape = image ?? (own.length > 0 ? own : [1]);
  return fromArrays({ x, shape, ...given, range: image ? 'unit' : 'finite' });
}

/** The shape of rows that are images, `[H, W, C]`; undefined of others. */
function imageShape(
  own: readonly number[],
  { data }: NumericArray,
): readonly [number, number, number] | undefined {
  const [height = 0, width = 0, channels = 1] = own;
  const isShape = own.length === 2 || (own.length === 3 && (channels === 1 || channels === 3));
  if (!isShape || height < 2 || width < 2) return undefined;
  const areValues = data instanceof Uint8Array || data.every((value) => value >= 0 && value <= 1);
  return areValues ? [height, width, channels] : undefined;
}

function labelsOf({ shape, data }: NumericArray, size: number, name: string): Int32Array {
  const [count = 0, ...rest] = shape;
  if (count !== size || rest.some((n) => n !== 1))
    throw new DataError(
      `${name}: its labels have the shape [${shape.join(', ')}], and there are ${size} rows. Give a class for each row: an array of shape [${size}].`,
    );
  const bad = data.findIndex((value) => !Number.isInteger(value) || value < -1 || value > 65_535);
  if (bad >= 0)
    throw new DataError(
      `${name}: row ${bad} has the label ${data[bad]!}. Labels are whole numbers from 0 on, or −1 where unknown.`,
    );
  return Int32Array.from(data);
}
