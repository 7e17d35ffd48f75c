import { DataError, messageOf, parseJson, type Json } from '@elbo/core';
import { parse } from 'csv-parse/sync';
import type { Table } from '../../formats/table/from_table.js';
import type { Cell } from '../../formats/table/guess.js';
import { decodeUtf8 } from '../decode_utf8.js';
import { readOne } from '../files.js';

/** What stands for a missing value: what pandas takes for one; a question mark, as in the UCI repository; a point, as in SAS. */
const missing = new Set([
  ...['', '?', '.', 'NA', 'N/A', 'n/a', '#N/A', '#NA', '<NA>', 'NaN', 'nan', '-NaN', '-nan'],
  ...['NULL', 'null', 'None'],
]);

/**
 * Reads a table whose first line has the names of its columns; of JSON lines each is an object.
 *
 * @throws DataError that names the line of what does not fit.
 */
export async function readTable(path: string): Promise<Table> {
  const file = await readOne(path);
  const text = decodeUtf8(file.bytes, path);
  return /\.(jsonl|ndjson)$/i.test(path) ? fromJsonLines(text, path) : fromSeparated(text, path);
}

function fromSeparated(text: string, path: string): Table {
  const delimiter = delimiterOf(text, path);
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter,
      relax_quotes: true,
      skip_empty_lines: true,
      trim: true,
    });
  } catch (error) {
    throw new DataError(`${path}: ${messageOf(error)}. Repair that line.`, { cause: error });
  }
  const [names, ...rows] = records;
  if (!names) throw new DataError(`${path}: it is empty.`);
  expectNames(names, path);
  const decimalComma = delimiter === ';';
  return { names, rows: rows.map((row) => row.map((cell) => cellOf(cell, decimalComma))) };
}

/** Tabs in .tsv; else what the first line has most of. */
function delimiterOf(text: string, path: string): string {
  if (/\.tsv$/i.test(path)) return '\t';
  const [first = ''] = text.split('\n', 1);
  const often = (mark: string): number => first.split(mark).length;
  return [',', ';', '\t', '|'].reduce((best, mark) => (often(mark) > often(best) ? mark : best));
}

function expectNames(names: readonly string[], path: string): void {
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new DataError(`${path}: two of its columns are called '${twice}'. Rename one.`);
  if (names.every((name) => Number.isFinite(Number(name))))
    throw new DataError(
      `${path}: its first line has numbers (${names.slice(0, 4).join(', ')}) and no names of columns. Add a line with names.`,
    );
}

/** A cell, with the point for the decimal comma that goes with semicolons. */
function cellOf(text: string, decimalComma: boolean): Cell {
  if (missing.has(text)) return null;
  return decimalComma && /^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text;
}

type JsonRow = Readonly<Record<string, Json>>;

function fromJsonLines(text: string, path: string): Table {
  const names = new Map<string, number>();
  const objects = text.split(/\r?\n/).flatMap((line, i): readonly JsonRow[] => {
    if (line.trim() === '') return [];
    const row = parseJson(line, `${path}, line ${i + 1}`);
    if (row === null || typeof row !== 'object' || Array.isArray(row))
      throw new DataError(`${path}, line ${i + 1}: it is no object of columns.`);
    for (const name of Object.keys(row)) if (!names.has(name)) names.set(name, names.size);
    return [row as JsonRow];
  });
  if (objects.length === 0) throw new DataError(`${path}: it is empty.`);
  const columns = [...names.keys()];
  const rows = objects.map((row, i) =>
    columns.map((name): Cell => {
      const value = Object.hasOwn(row, name) ? row[name] : null;
      if (value == null) return null;
      if (typeof value === 'object')
        throw new DataError(
          `${path}, row ${i + 1}: '${name}' is a list or an object. Give each value a column of its own.`,
        );
      return cellOf(String(value), false);
    }),
  );
  return { names: columns, rows };
}
