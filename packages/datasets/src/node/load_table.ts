import { ConfigError } from '@elbo/core';
import { fromTable, type Table, type TableDataset } from '../formats/table/from_table.js';
import { foundIn, tableReading } from './formats/table_reading.js';
import { parseReading } from './formats/parse_reading.js';
import { readTable } from './formats/read_table.js';
import type { Reading } from './options.js';

/** A table with all of its cells, and its rows as a run reads them. */
export interface LoadedTable {
  readonly table: Table;
  readonly data: TableDataset;
}

/**
 * All rows of one file as another was read.
 *
 * @param reading the options that the config of the other keeps.
 * @throws DataError that names the row and the column of what does not fit.
 */
export async function loadTable(path: string, reading: Reading): Promise<LoadedTable> {
  const found = foundIn(parseReading(tableReading, reading, path));
  if (!found) throw new ConfigError(`${path}: how its columns are read is not given.`);
  const table = await readTable(path);
  return { table, data: fromTable(table, { found, name: path }) };
}
