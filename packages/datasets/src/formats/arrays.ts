import { DataError, expectGiven, formatShape, sizeOf, type Config, type Shape } from '@elbo/core';
import { expectRows } from '../checks.js';
import type { Dataset } from '../dataset.js';
import { gatherFloats, gatherLabels } from '../reading/gather.js';
import { inMemory } from './in_memory.js';

/** Values in memory, as `fromArrays` takes them. */
export interface Arrays {
  /** The values, row after row: `[N, …shape]`, flat. Kept, not copied. */
  readonly x: Float32Array;
  /** The shape of one row. */
  readonly shape: Shape;
  /** Class labels, `[N]`, −1 where unknown. */
  readonly label?: Int32Array;
  /** Conditions, `[N, C]`, flat. */
  readonly condition?: Float32Array;
  /** What errors and configs call the set. */
  readonly name?: string;
  /** What values may be: from 0 to 1, as an image's pixels, or any finite number. */
  readonly range?: 'unit' | 'finite';
  /** The config, for a loader that knows how to read the set again; by default one for `preloaded`. */
  readonly config?: Config;
}

/**
 * A dataset of values in memory. Its config holds its name, its sizes and a digest only, so that a registry rebuilds it by
 * `preloaded(dataset)`.
 *
 * @throws DataError that names the first bad row and value: not finite, out of range, or a length that does not fit.
 *
 * @example
 * ```ts
 * import { fromArrays } from '@elbo/datasets';
 *
 * const data = fromArrays({ x: new Float32Array([0, 0, 1, 1]), shape: [2] });
 * console.log(data.size, data.binary); // 2 true
 * ```
 */
export function fromArrays(arrays: Arrays): Dataset {
  expectGiven('fromArrays', arrays, 'x', 'shape');
  const { x, shape, label, condition, name = 'arrays', range = 'unit' } = arrays;
  const width = sizeOf(shape);
  if (!(width > 0 && x.length > 0 && x.length % width === 0))
    throw new DataError(
      `${name}: ${x.length} values are not a whole number of rows of shape ${formatShape(shape)} (${width} values each).`,
    );
  const size = x.length / width;
  const binary = checkValues(x, width, name, range);
  const classes = label && checkLabels(label, size, name);
  if (condition) {
    if (condition.length === 0 || condition.length % size !== 0)
      throw new DataError(
        `${name}: ${condition.length} condition values do not divide among ${size} rows.`,
      );
    checkValues(condition, condition.length / size, `${name}, condition`, 'finite');
  }
  const conditions = condition && condition.length / size;
  const dataset: Dataset = {
    config: arrays.config ?? inMemory({ kind: 'arrays', name, size, shape }, x, label, condition),
    name,
    size,
    shape,
    binary,
    range,
    ...(classes && { classes }),
    ...(conditions && { conditions }),
    read: (rows) => {
      expectRows(rows, dataset);
      return {
        x: gatherFloats(x, width, rows),
        ...(label && { label: gatherLabels(label, rows) }),
        ...(condition && { condition: gatherFloats(condition, condition.length / size, rows) }),
      };
    },
  };
  return dataset;
}

/** Fails at the first value that may not be; says whether all are 0 or 1. */
function checkValues(
  x: Float32Array,
  width: number,
  name: string,
  range: 'unit' | 'finite',
): boolean {
  let binary = true;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (!Number.isFinite(value) || (range === 'unit' && (value < 0 || value > 1))) {
      const place = `row ${Math.floor(i / width)}, value ${i % width}`;
      const advice =
        range === 'unit' && Number.isFinite(value)
          ? "values must be from 0 to 1: divide bytes by 255, or say range: 'finite' for data that are no pixels"
          : 'values must be finite: repair or drop that row';
      throw new DataError(`${name}: ${place} is ${value}; ${advice}.`);
    }
    if (value !== 0 && value !== 1) binary = false;
  }
  return binary;
}

/** Fails at the first label that may not be; returns the number of classes. */
function checkLabels(label: Int32Array, size: number, name: string): number {
  if (label.length !== size)
    throw new DataError(
      `${name}: there are ${label.length} labels for ${size} rows; give one a row, −1 if unknown.`,
    );
  const bad = label.findIndex((value) => value < -1);
  if (bad >= 0)
    throw new DataError(
      `${name}: row ${bad} has the label ${label[bad]!}; labels are 0, 1, …, or −1 if unknown.`,
    );
  return label.reduce((most, value) => Math.max(most, value + 1), 0);
}
