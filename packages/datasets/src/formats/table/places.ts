import { tableLayout } from '@elbo/core';
import { columnsOf, inOrderOfRows, type Field } from './field.js';

/** Where the numbers of a field are in a row. */
export interface FieldPlaces {
  readonly begin: number;
  /** One of a number or a count; of a category one for each value. */
  readonly size: number;
  /** The bit that says whether it is seen; −1 of a field that always is. */
  readonly bit: number;
}

/** Where each field is in a row, in the order of rows, and how many numbers a row has. */
export function placesOf(fields: readonly Field[]): {
  readonly width: number;
  readonly places: ReadonlyMap<Field, FieldPlaces>;
} {
  const ordered = inOrderOfRows(fields);
  const { width, numbers, counts, categories, seen } = tableLayout(columnsOf(ordered));
  const scaled = numbers + counts;
  const places = ordered.map((field, column): [Field, FieldPlaces] => {
    const own = column < scaled ? { begin: column, size: 1 } : categories[column - scaled]!;
    const bit = seen.indexOf(column);
    return [field, { ...own, bit: bit < 0 ? -1 : width - seen.length + bit }];
  });
  return { width, places: new Map(places) };
}
