import { formatShape } from '@elbo/core';
import {
  isImages,
  loadRun,
  reconstructionsPng,
  type Known,
  type LoadedRun,
} from '@elbo/experiments';
import { writeWhole } from '@elbo/files';
import type { CheckpointChoice } from '@elbo/runs';
import { resolve } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage.js';

/** The options of the commands that draw. */
export interface PictureFlags {
  readonly count: number;
  readonly seed: number;
  readonly dataDir?: string;
  readonly out?: string;
  readonly backend?: string;
  readonly checkpoint?: CheckpointChoice;
}

/** A picture, and what is said of it. */
export interface Picture {
  readonly png: Uint8Array;
  /** Lines for people. */
  readonly says?: readonly string[];
  /** For programs. */
  readonly result: Readonly<Record<string, unknown>>;
}

/** Draws a picture of a trained model into its run, or where `--out` says; data are loaded only by what reads them. Gives the exit status. */
export async function drawInto(
  dir: string,
  flags: Pick<PictureFlags, 'out' | 'backend' | 'dataDir'>,
  output: Output,
  known: Known,
  name: string,
  make: (opened: LoadedRun) => Promise<Picture>,
): Promise<number> {
  const out = flags.out === undefined ? undefined : outPath(flags.out, ['.png']);
  const opened = await loadRun(dir, flags, known, output);
  try {
    const { shape } = opened.rows;
    if (!isImages(shape))
      throw new UsageError(
        `The rows of this model have shape ${formatShape(shape)} and are not images, so there is nothing to draw.`,
      );
    const path = out ?? resolve(opened.run.dir, name);
    const { png, says = [], result } = await make(opened);
    await writeWhole(path, png);
    for (const line of [path, ...says]) output.line(line);
    output.result({ path, ...result });
    return 0;
  } finally {
    opened.dispose();
  }
}

/** `elbo reconstruct RUN`: held-out rows above what the model makes of them, as a PNG. */
export function reconstructCommand(
  dir: string,
  flags: PictureFlags,
  output: Output,
  known: Known,
): Promise<number> {
  return drawInto(
    dir,
    flags,
    output,
    known,
    `reconstructions-${flags.count}.png`,
    async ({ model, params, rows }) => {
      if (!model.encoder)
        throw new UsageError('This model has no encoder, so it cannot reconstruct.');
      return {
        png: await reconstructionsPng(model, params, await rows.read(), flags),
        result: { count: flags.count },
      };
    },
  );
}
