import type { TableColumn } from '@elbo/core';

/** What a column of a table is modelled as, or that it is left out. */
export type FieldType = 'number' | 'count' | 'category' | 'skip';

/** A column of a table that is modelled. */
export interface Field {
  readonly name: string;
  readonly type: Exclude<FieldType, 'skip'>;
  /** Whether values may be missing. */
  readonly missing: boolean;
  /** The values of a category, sorted. */
  readonly values?: readonly string[];
  /** As many digits as its numbers have behind the point, at most. */
  readonly decimals?: number;
}

/** Fields in the order in which rows have them: numbers, counts, categories. */
export function inOrderOfRows(fields: readonly Field[]): readonly Field[] {
  return (['number', 'count', 'category'] as const).flatMap((type) =>
    fields.filter((field) => field.type === type),
  );
}

/** The columns of rows in the table's own units; fields in the order of rows. */
export function columnsOf(fields: readonly Field[]): readonly TableColumn[] {
  return fields.map(({ type, missing, values = [] }) => ({
    ...(type === 'category' ? { type, size: values.length } : { type }),
    ...(missing && { missing }),
  }));
}
