import {
  isImages,
  loadRun,
  samples,
  usualDrawn,
  type Drawn,
  type Known,
  type Values,
} from '@elbo/experiments';
import type { CheckpointChoice } from '@elbo/runs';
import { join } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';
import { expectDrawable, valuesEndings, writeValues } from '../write_values.js';

/** The options of `elbo sample`. */
export interface SampleFlags {
  readonly count: number;
  readonly seed: number;
  readonly class?: number;
  readonly what?: Drawn;
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: string;
  readonly checkpoint?: CheckpointChoice;
}

/** Another name than that of the report's own picture, which stays as it is. */
function usualName(
  { count, class: only, what }: SampleFlags,
  { shape }: Pick<Values, 'shape'>,
): string {
  const usual = what === undefined || what === usualDrawn(shape);
  const words = [count, ...(only === undefined ? [] : ['class', only]), ...(usual ? [] : [what])];
  return `samples-${words.join('-')}${isImages(shape) ? '.png' : '.csv'}`;
}

/** `elbo sample RUN`: means or draws of p(x|z) at draws from the prior, as pictures, text or numbers. Gives the exit status. */
export async function sampleCommand(
  dir: string,
  flags: SampleFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const out = flags.out === undefined ? undefined : outPath(flags.out, valuesEndings);
  const opened = await loadRun(dir, flags, known, output);
  try {
    const path = out ?? join(opened.run.dir, usualName(flags, opened.rows));
    expectDrawable(path, opened.rows.shape, flags.count, 'lower --count');
    const made = await samples(opened, flags);
    await writeValues(path, made);
    output.line(path);
    output.line(`${flags.count} ${made.what} of p(x|z), at draws of z from the prior.`);
    output.result({ path, count: flags.count, what: made.what });
    return 0;
  } finally {
    opened.dispose();
  }
}
