import { cardHead, loadRun, modelCard, type Known } from '@elbo/experiments';
import { readWhole, writeWhole } from '@elbo/files';
import { encodeModel, type ModelPart } from '@elbo/models';
import type { CheckpointChoice } from '@elbo/runs';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { outPath } from '../out_path.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage.js';

/** The options of `elbo export`. */
export interface ExportFlags {
  readonly part?: ModelPart;
  readonly out?: string;
  /** Whether a README.md is written beside the file. */
  readonly card?: boolean;
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
    const path = out ?? join(run.dir, `${part ?? 'model'}.safetensors`);
    const card = flags.card === true ? join(dirname(path), 'README.md') : undefined;
    if (card !== undefined) await expectOurs(card);
    const bytes = await encodeModel(model, params, rows, { part });
    await writeWhole(path, bytes);
    output.line(path);
    if (card !== undefined) {
      await writeWhole(card, await modelCard(opened, basename(path)));
      output.line(card);
    }
    output.line(
      `${part === undefined ? 'The model' : `The ${part}`} of step ${step}${averaged ? ', averaged over steps' : ''}: ${bytes.length} bytes. Load it with loadModel of @elbo/models.`,
    );
    output.result({
      path,
      card: card ?? null,
      step,
      averaged,
      part: part ?? null,
      bytes: bytes.length,
    });
    return 0;
  } finally {
    opened.dispose();
  }
}

/** @throws UsageError where a card would replace what a person wrote. */
async function expectOurs(card: string): Promise<void> {
  if (!existsSync(card)) return;
  const text = new TextDecoder().decode(await readWhole(card));
  if (!text.startsWith(cardHead))
    throw new UsageError(
      `--card: ${card} is there and no card, and is left as it is: move it, or write the model elsewhere by --out.`,
    );
}
