import {
  loadRunWithData,
  otherRows,
  scores,
  scoresCsv,
  type Known,
  type ScoreBy,
} from '@elbo/experiments';
import { writeWhole } from '@elbo/files';
import type { CheckpointChoice } from '@elbo/runs';
import { join } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';

/** The options of `elbo score`. */
export interface ScoreFlags {
  readonly data?: string;
  readonly by?: ScoreBy;
  readonly level: number;
  readonly rows?: number;
  readonly seed: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: string;
  readonly checkpoint?: CheckpointChoice;
}

/** A share in per cent. */
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** `elbo score RUN`: how unusual rows are, with p-values. Gives the exit status. */
export async function scoreCommand(
  dir: string,
  flags: ScoreFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const { data, level } = flags;
  const out = flags.out === undefined ? undefined : outPath(flags.out, ['.csv']);
  const opened = await loadRunWithData(dir, flags, known, output);
  try {
    const rows = data === undefined ? undefined : await otherRows(opened, '--data', data, output);
    const found = await scores(opened, rows, flags, output);
    const path = out ?? join(opened.run.dir, 'scores.csv');
    await writeWhole(path, scoresCsv(found));
    const { calibration, falseAlarms, unusual, by } = found;
    output.line(path);
    output.line(
      `${found.scores.length} rows of ${data ?? 'the test set'} scored by ${by === 'elbo' ? '−ELBO' : '−log p(x)'}; ${percent(unusual)} are unusual at level ${level} (p ≤ ${level}).`,
    );
    output.line(
      `False alarms: ${percent(falseAlarms.mean)} ± ${percent(falseAlarms.error)} of ${falseAlarms.rows} test rows; at most ${percent(level)} was promised, from ${calibration} validation rows.`,
    );
    if (calibration < 1 / level - 1)
      output.note(
        `Warning: ${calibration} validation rows are too few for level ${level}: no row can be called unusual. Hold out more rows, or raise --level.`,
      );
    output.result({
      path,
      by,
      rows: found.scores.length,
      level,
      unusual,
      calibration,
      falseAlarms: falseAlarms.mean,
      falseAlarmsError: falseAlarms.error,
      testRows: falseAlarms.rows,
    });
    return 0;
  } finally {
    opened.dispose();
  }
}
