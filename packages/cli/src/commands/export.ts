import { loadRun, type Known } from '@elbo/experiments';
import { writeWhole } from '@elbo/files';
import { encodeModel, type ModelPart } from '@elbo/models';
import type { CheckpointChoice } from '@elbo/runs';
import { join } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';

/** The options of `elbo export`. */
export interface ExportFlags {
  readonly part?: ModelPart;
  readonly out?: string;
  readonly checkpoint?: CheckpointChoice;
  readonly backend?: string;
}

/** `elbo export RUN`: the model and its weights as one file. Gives the exit status. */
export async function exportCommand(
  dir: string,
  flags: ExportFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const { part } = flags;
  const out = flags.out === undefined ? undefined : outPath(flags.out, ['.safetensors']);
  const opened = await loadRun(dir, flags, known, output);
  try {
    const { model, params, rows, step, averaged, run } = opened;
    const bytes = await encodeModel(model, params, rows, { part });
    const path = out ?? join(run.dir, `${part ?? 'model'}.safetensors`);
    await writeWhole(path, bytes);
    output.line(path);
    output.line(
      `${part === undefined ? 'The model' : `The ${part}`} of step ${step}${averaged ? ', averaged over steps' : ''}: ${bytes.length} bytes. Load it with loadModel of @elbo/models.`,
    );
    output.result({ path, step, averaged, part: part ?? null, bytes: bytes.length });
    return 0;
  } finally {
    opened.dispose();
  }
}
