import type { Config } from '@elbo/core';
import { conditionOnLabel, placesOf, subset, type Cell } from '@elbo/datasets';
import { loadTable, type Reading } from '@elbo/datasets/node';
import { impute, leastEffective } from '@elbo/evaluation';
import { fold, key } from '@elbo/random';
import { parseRunConfig } from '../config/run_config.js';
import type { Host } from '../host.js';
import { RequestError } from '../request_error.js';
import type { LoadedRun } from './load_run.js';
import { saidOf, type ImputedCell } from './imputed_cell.js';
import { baseOf } from './other_rows.js';
import { onRows } from './rows.js';

/** How missing values are filled in. */
export interface ImputeTableOptions {
  /** A file of the same columns; by default the one that the run was trained on. */
  readonly data?: string | undefined;
  /** Draws of each row; 200 by default. */
  readonly draws?: number | undefined;
  /** The probability that an interval has; .9 by default. */
  readonly level?: number | undefined;
  readonly seed: number;
}

/** A table without gaps in what is modelled. */
export interface ImputedTable {
  /** The names of all its columns, and all its cells. */
  readonly names: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** What was filled in. */
  readonly cells: readonly ImputedCell[];
  /** Rows with fewer than `leastEffective` effective samples of z, whose estimates are poor. */
  readonly poorRows: number;
}

/** Rows that are imputed together, for a person to see how far it is. */
const atOnce = 64;

/**
 * A table with its missing values filled in by what a run's model makes of the rest of each row.
 *
 * @throws RequestError for a run that was not trained on a table; DataError for a file that does not fit it.
 */
export async function imputeTable(
  { model, params, rows: form, run }: LoadedRun,
  { data, draws = 200, level = 0.9, seed }: ImputeTableOptions,
  host: Host,
): Promise<ImputedTable> {
  const own = fileOf(parseRunConfig(run.config, run.dir));
  if (!form.fields || !own)
    throw new RequestError(
      `${run.dir} was not trained on a table, so there are no missing values to fill in.`,
    );
  const { table, data: all } = await loadTable(data ?? own.source, own.reading);
  const set = form.onLabels ? conditionOnLabel(all, form.conditions) : all;
  const { places } = placesOf(form.fields);
  const columns = form.fields.map(({ name }) => table.names.indexOf(name));
  const gapsOf = (row: number): readonly number[] =>
    form.fields!.flatMap((_, i) => ((table.rows[row]![columns[i]!] ?? null) === null ? [i] : []));
  const lacking = table.rows.flatMap((_, row) => (gapsOf(row).length > 0 ? [row] : []));
  const filled = table.rows.map((row) => [...row]);
  const cells: ImputedCell[] = [];
  let poorRows = 0;
  const noise = fold(key(seed), 'impute');
  const bar = host.progress(Math.max(1, lacking.length));
  try {
    for (let first = 0; first < lacking.length; first += atOnce) {
      const some = lacking.slice(first, first + atOnce);
      const count = some.length;
      await onRows(subset(set, some), { count, noise, model }, async (batch) => {
        const found = await impute(model, params.primal, batch, {
          key: fold(noise, first),
          draws,
          ...(host.signal && { signal: host.signal }),
        });
        const width = found.mean.length / count;
        some.forEach((row, i) => {
          if (found.effectiveSampleSize[i]! < leastEffective) poorRows++;
          const mean = found.mean.subarray(i * width, (i + 1) * width);
          const drawn = found.draws.subarray(i * draws * width, (i + 1) * draws * width);
          for (const gap of gapsOf(row)) {
            const field = form.fields![gap]!;
            const said = saidOf(field, places.get(field)!, { mean, drawn, width, level });
            cells.push({ row: row + 1, column: field.name, ...said });
            filled[row]![columns[gap]!] = String(said.value);
          }
        });
      });
      bar.update(first + count, 'rows');
    }
  } finally {
    bar.stop();
  }
  if (poorRows > 0)
    host.note(
      `Warning: in ${poorRows} rows fewer than ${leastEffective} samples of z were effective, so their values and intervals are rough.`,
    );
  return { names: table.names, rows: filled, cells, poorRows };
}

/** The file that the training rows were read from, and how; undefined of rows that no file leaves a choice of reading. */
function fileOf({
  data: { train },
}: {
  readonly data: { readonly train: Config };
}): { readonly source: string; readonly reading: Reading } | undefined {
  const { kind, source, reading } = baseOf(train);
  if (kind !== 'file' || typeof source !== 'string' || reading === undefined) return undefined;
  return { source, reading: reading as Reading };
}
