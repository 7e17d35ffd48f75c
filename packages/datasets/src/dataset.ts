import { category, type Category, type Config, type Shape } from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Field } from './formats/table/field.js';

/** Some rows of a dataset, as host arrays. */
export interface Rows {
  /** The values, row after row: `[B, …shape]`, flat. */
  readonly x: Float32Array;
  /** The conditions, `[B, conditions]`, flat. */
  readonly condition?: Float32Array;
  /** The class labels, `[B]`, −1 where unknown. */
  readonly label?: Int32Array;
}

/** Which of a dataset's disjoint parts: each procedural set has all three, a file set those it has files for. */
export type Split = 'train' | 'validation' | 'test';

/** A finite set of rows that are read by their numbers, in any order. */
export interface Dataset {
  readonly config: Config;
  readonly name: string;
  /** The number of rows. */
  readonly size: number;
  /** The shape of a row: `[28, 28, 1]` for images, `[2]` for points. */
  readonly shape: Shape;
  /** The number of classes, when rows are labelled. */
  readonly classes?: number;
  /** What the classes are called, where files say so. */
  readonly classNames?: readonly string[];
  /** The size of a row's condition, when rows have one. */
  readonly conditions?: number;
  /** Whether every value is 0 or 1. */
  readonly binary: boolean;
  /** `unit` where every value is in [0, 1], as a pixel's is; without it values may be any numbers. */
  readonly range?: 'unit' | 'finite';
  /** How many values there are, evenly from 0 to 1: 256 of images that are bytes. */
  readonly levels?: number;
  /** The symbols of rows that are one-hot sequences `[T, C]`, C of them; the first, '', ends a sequence and pads it. */
  readonly alphabet?: readonly string[];
  /** The columns of a table, of which a row is the numbers; see `tableLayout` of @elbo/core. */
  readonly fields?: readonly Field[];
  /** What a row was made from, where that is known: an amount, or the number of a value, by name of the factor. */
  readonly factors?: (row: number) => Readonly<Record<string, number>>;
  /**
   * Rows by number; a row may be asked for more than once. `key` seeds augmentation, such as dynamic binarisation; the
   * same rows and key give the same values.
   *
   * @throws DataError for a row that does not exist.
   */
  read(rows: Uint32Array, key: Key): Rows | Promise<Rows>;
}

/** The shape of a row's condition, as models take it. */
export function conditionShape({
  conditions,
}: {
  readonly conditions?: number | undefined;
}): Shape | undefined {
  return conditions === undefined ? undefined : [conditions];
}

/** The category of datasets. */
export const datasetCategory: Category<Dataset> = category('dataset');

/** A dataset made of another: its description, with changes. What else the other offers is about its own rows. */
export function derived(
  {
    name,
    size,
    shape,
    classes,
    classNames,
    conditions,
    binary,
    range,
    levels,
    alphabet,
    fields,
  }: Dataset,
  changes: Partial<Dataset> & Pick<Dataset, 'config' | 'read'>,
): Dataset {
  return {
    name,
    size,
    shape,
    binary,
    ...(range && { range }),
    ...(levels && { levels }),
    ...(classes && { classes }),
    ...(classNames && { classNames }),
    ...(conditions && { conditions }),
    ...(alphabet && { alphabet }),
    ...(fields && { fields }),
    ...changes,
  };
}

/** `f` of rows that may still be on their way, without making a promise of rows that are here. */
export function mapRows(rows: Rows | Promise<Rows>, f: (rows: Rows) => Rows): Rows | Promise<Rows> {
  return rows instanceof Promise ? rows.then(f) : f(rows);
}
