import { tableLayout } from '@elbo/core';
import { columnsOf, inOrderOfRows, type Field } from '@elbo/datasets';

/** What a missing cell may have been. */
export interface ImputedCell {
  /** The number of its row in the file, from 1. */
  readonly row: number;
  readonly column: string;
  /** The mean of a number, the mean of a count rounded, the most probable value of a category. */
  readonly value: number | string;
  /** Of numbers and counts: the interval between the draws' quantiles. */
  readonly low?: number;
  readonly high?: number;
  /** Of a category: the probability of the value. */
  readonly probability?: number;
}

/** Where a field is in a row. */
export interface FieldPlaces {
  readonly begin: number;
  /** One of a number or a count; of a category one for each value. */
  readonly size: number;
}

/** Where each field is in a row. */
export function placesOf(fields: readonly Field[]): ReadonlyMap<Field, FieldPlaces> {
  const ordered = inOrderOfRows(fields);
  const { numbers, counts, categories } = tableLayout(columnsOf(ordered));
  const scaled = numbers + counts;
  return new Map(
    ordered.map((field, i) => [
      field,
      i < scaled ? { begin: i, size: 1 } : categories[i - scaled]!,
    ]),
  );
}

/** What is said of a missing cell, by the mean and the draws of its row: `[width]` and `[draws, width]`. */
export function saidOf(
  field: Field,
  { begin, size }: FieldPlaces,
  {
    mean,
    drawn,
    width,
    level,
  }: {
    readonly mean: Float32Array;
    readonly drawn: Float32Array;
    readonly width: number;
    readonly level: number;
  },
): Omit<ImputedCell, 'row' | 'column'> {
  if (field.type === 'category') {
    let best = 0;
    for (let i = 1; i < size; i++) if (mean[begin + i]! > mean[begin + best]!) best = i;
    const probability = Number(mean[begin + best]!.toFixed(3));
    return { value: field.values![best]!, probability };
  }
  const written = (value: number): number =>
    field.type === 'count'
      ? Math.max(0, Math.round(value))
      : Number(value.toFixed(field.decimals ?? 6));
  const values = Float64Array.from(
    { length: drawn.length / width },
    (_, draw) => drawn[draw * width + begin]!,
  ).sort();
  const at = (share: number): number => values[Math.round(share * (values.length - 1))]!;
  return {
    value: written(mean[begin]!),
    low: written(at((1 - level) / 2)),
    high: written(at((1 + level) / 2)),
  };
}
