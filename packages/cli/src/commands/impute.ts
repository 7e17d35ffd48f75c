import { imputeTable, loadRun, type Known } from '@elbo/experiments';
import { writeWhole } from '@elbo/files';
import { csv } from '@elbo/report';
import type { CheckpointChoice } from '@elbo/runs';
import { join } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';

/** The options of `elbo impute`. */
export interface ImputeFlags {
  readonly data?: string;
  readonly out?: string;
  readonly draws: number;
  readonly level: number;
  readonly seed: number;
  readonly checkpoint?: CheckpointChoice;
  readonly backend?: string;
}

/** `elbo impute RUN`: a table without gaps, and what is known of each cell that was one. Gives the exit status. */
export async function imputeCommand(
  dir: string,
  flags: ImputeFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const out = flags.out === undefined ? undefined : outPath(flags.out, ['.csv']);
  const opened = await loadRun(dir, flags, known, output);
  try {
    const { names, rows, cells, poorRows } = await imputeTable(opened, flags, output);
    const path = out ?? join(opened.run.dir, 'imputed.csv');
    const cellsPath = path.replace(/\.csv$/i, '-cells.csv');
    await writeWhole(
      path,
      bytesOf(
        names,
        rows.map((row) => row.map((cell) => cell ?? '')),
      ),
    );
    await writeWhole(
      cellsPath,
      bytesOf(
        ['row', 'column', 'value', 'low', 'high', 'probability'],
        cells.map(({ row, column, value, low = '', high = '', probability = '' }) => [
          ...[row, column, value],
          ...[low, high, probability],
        ]),
      ),
    );
    output.line(path);
    output.line(
      `${cells.length} missing values in ${new Set(cells.map(({ row }) => row)).size} of ${rows.length} rows were filled in; ${cellsPath} lists each with its ${flags.level * 100} % interval.`,
    );
    output.result({ path, cellsPath, rows: rows.length, imputed: cells.length, poorRows });
    return 0;
  } finally {
    opened.dispose();
  }
}

const bytesOf = (...table: Parameters<typeof csv>): Uint8Array =>
  new TextEncoder().encode(csv(...table));
