import { interpolation, isImages, loadRun, type Known, type Path } from '@elbo/experiments';
import type { CheckpointChoice } from '@elbo/runs';
import { join } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';
import { expectDrawable, writeValues } from '../write_values.js';

/** The options of `elbo interpolate`. */
export interface InterpolateFlags {
  readonly rows: readonly number[];
  readonly steps: number;
  readonly path: Path;
  readonly seed: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: string;
  readonly checkpoint?: CheckpointChoice;
}

/** `elbo interpolate RUN`: what lies between the codes of held-out rows. Gives the exit status. */
export async function interpolateCommand(
  dir: string,
  flags: InterpolateFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const { rows, steps, path: way } = flags;
  const out = flags.out === undefined ? undefined : outPath(flags.out, ['.png', '.csv', '.npy']);
  const opened = await loadRun(dir, flags, known, output);
  try {
    const { shape } = opened.rows;
    const path = out ?? join(opened.run.dir, `interpolation${isImages(shape) ? '.png' : '.csv'}`);
    expectDrawable(path, shape, (rows.length - 1) * steps, 'lower --steps');
    await writeValues(path, await interpolation(opened, flags), steps);
    output.line(path);
    output.line(
      `Means of p(x|z) in ${steps} steps along ${way === 'sphere' ? 'the arc' : 'the straight line'} between the codes of ${rows.length === 2 ? `rows ${rows[0]!} and ${rows[1]!}` : `neighbours among the rows ${rows.join(', ')}`}.`,
    );
    output.result({ path, rows, steps, along: way });
    return 0;
  } finally {
    opened.dispose();
  }
}
