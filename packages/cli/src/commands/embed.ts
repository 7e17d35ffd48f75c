import {
  codes,
  codesCsv,
  codesNpy,
  loadRunWithData,
  otherRows,
  type Drawn,
  type Known,
} from '@elbo/experiments';
import { writeWhole } from '@elbo/files';
import { npy } from '@elbo/report';
import type { CheckpointChoice } from '@elbo/runs';
import { join } from 'node:path';
import { endingOf, outPath } from '../out_path.js';
import type { Output } from '../output.js';

/** The options of `elbo embed`. */
export interface EmbedFlags {
  readonly what?: Drawn;
  readonly split: 'train' | 'validation' | 'test';
  readonly data?: string;
  readonly rows?: number;
  readonly seed: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: string;
  readonly checkpoint?: CheckpointChoice;
}

/** `elbo embed RUN`: the codes of rows as numbers. Gives the exit status. */
export async function embedCommand(
  dir: string,
  flags: EmbedFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const { data, split } = flags;
  const out = flags.out === undefined ? undefined : outPath(flags.out, ['.csv', '.npy']);
  const opened = await loadRunWithData(dir, flags, known, output);
  try {
    const rows =
      data === undefined ? opened.sets[split] : await otherRows(opened, '--data', data, output);
    const found = await codes(opened, rows, flags, output);
    const path = out ?? join(opened.run.dir, 'codes.csv');
    const paths = [path];
    if (endingOf(path) === '.csv') await writeWhole(path, codesCsv(found));
    else {
      await writeWhole(path, codesNpy(found));
      if (found.labels) {
        const beside = `${path.slice(0, -'.npy'.length)}-labels.npy`;
        await writeWhole(beside, npy(found.labels, [found.labels.length]));
        paths.push(beside);
      }
    }
    const count = found.values.length / found.dim;
    for (const written of paths) output.line(written);
    const source = data ?? `the ${split} rows`;
    output.line(`${count} codes of ${found.dim} numbers: ${found.what} of ${source}.`);
    output.result({
      path,
      labels: paths[1] ?? null,
      count,
      dim: found.dim,
      what: found.what,
      rows: data ?? split,
    });
    return 0;
  } finally {
    opened.dispose();
  }
}
