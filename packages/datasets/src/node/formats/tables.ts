import { createHash } from 'node:crypto';
import {
  findFields,
  fromTable,
  type FoundTable,
  type Table,
} from '../../formats/table/from_table.js';
import { guessType } from '../../formats/table/guess.js';
import type { FileFormat } from '../file_format.js';
import { parseReading } from './parse_reading.js';
import { readTable } from './read_table.js';
import { splitFiles } from './split_files.js';
import { foundIn, tableOptions, tableReading } from './table_reading.js';

const files = splitFiles(['.csv', '.tsv', '.jsonl', '.ndjson']);

/** Tables: CSV, TSV, lines of JSON. */
export const tableFiles: FileFormat = {
  name: 'a table',
  files: '.csv, .tsv, .jsonl',
  options: tableOptions,
  recognises: ({ names }) => names.some(files.isOne),
  splits: (place) => files.splits(place),
  load: async (place, split, { reading, onNotice }) => {
    const options = parseReading(tableReading, reading, place.path);
    const path = files.fileOf(place, split);
    const table = await readTable(path);
    const labels = options.labels === undefined ? {} : { labels: options.labels };
    const found =
      foundIn(options) ??
      findFields(table, { columns: options.columns ?? {}, ...labels, name: path });
    if (!options.fields) onNotice?.(say(table, found, { path, said: options.columns ?? {} }));
    return fromTable(table, {
      found,
      name: path,
      config: () => ({
        kind: 'file',
        source: place.path,
        split,
        digest: digestOf(table, found),
        reading: {
          fields: found.fields.map((field) => ({
            ...field,
            ...(field.values && { values: [...field.values] }),
          })),
          ...(found.labels && { labels: found.labels.name, classes: [...found.labels.values] }),
        },
      }),
    });
  },
};

/** What is in the columns that are read. */
function digestOf({ names, rows }: Table, { fields, labels }: FoundTable): string {
  const read = [...fields.map(({ name }) => name), ...(labels ? [labels.name] : [])];
  const places = read.map((name) => names.indexOf(name));
  const hash = createHash('sha256');
  for (const row of rows) hash.update(`${JSON.stringify(places.map((i) => row[i] ?? null))}\n`);
  return hash.digest('hex');
}

/** What each column is read as, for a person to see before it is trained on. */
function say(
  { names, rows }: Table,
  { fields, labels }: FoundTable,
  { path, said }: { readonly path: string; readonly said: Readonly<Record<string, string>> },
): string {
  const lines = names.map((name, i) => {
    if (name === labels?.name) return `${name}: class (${labels.values.length} values)`;
    const field = fields.find((one) => one.name === name);
    const cells = rows.map((row) => row[i] ?? null);
    const lacking = cells.filter((cell) => cell === null).length;
    const gaps = lacking > 0 ? `, ${lacking} missing` : '';
    if (!field)
      return `${name}: left out${said[name] === 'skip' ? '' : `, as ${guessType(cells).why}`}`;
    const values = field.values
      ? ` (${field.values.slice(0, 4).join(', ')}${field.values.length > 4 ? `, … ${field.values.length} values` : ''})`
      : '';
    return `${name}: ${field.type}${values}${gaps}`;
  });
  return [
    `${path}: ${rows.length} rows. Columns are read as (--column NAME=number, count, category or skip changes it):`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}
