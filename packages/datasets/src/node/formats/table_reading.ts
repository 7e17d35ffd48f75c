import { exactly, recordOf } from '@elbo/core';
import * as v from 'valibot';
import { fieldEntry, fieldTypes } from '../../formats/table/field_entry.js';
import type { Field, FieldType } from '../../formats/table/field.js';
import type { FoundTable } from '../../formats/table/from_table.js';

/** Options of reading a table, as they are given and as a config keeps them. */
export interface TableReading {
  /** What columns are, where it is not to be guessed. */
  readonly columns?: Readonly<Record<string, FieldType | '?'>>;
  /** The column of classes. */
  readonly labels?: string;
  /** What was found in the training rows. */
  readonly fields?: Field[];
  readonly classes?: string[];
}

const entries = {
  columns: v.exactOptional(recordOf(v.picklist([...fieldTypes, 'skip', '?']))),
  labels: v.exactOptional(v.string()),
  fields: v.exactOptional(v.array(fieldEntry)),
  classes: v.exactOptional(v.array(v.string())),
};

/** The names of the options. */
export const tableOptions: readonly string[] = Object.keys(entries);

export const tableReading: v.GenericSchema<unknown, TableReading> = exactly(entries);

/** What was found before, as a config keeps it. */
export function foundIn({ fields, labels, classes }: TableReading): FoundTable | undefined {
  if (!fields) return undefined;
  return {
    fields,
    ...(labels !== undefined && classes && { labels: { name: labels, values: classes } }),
  };
}
