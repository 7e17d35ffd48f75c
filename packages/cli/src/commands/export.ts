import { encodeGraphModel, encodeOnnx, weightsFile, type ExportPart } from '@elbo/export';
import { cardHead, loadRun, modelCard, type Known, type LoadedRun } from '@elbo/experiments';
import { readWhole, writeWhole } from '@elbo/files';
import { encodeModel } from '@elbo/models';
import type { CheckpointChoice } from '@elbo/runs';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { endingOf, outPath } from '../out_path.js';
import type { Output } from '../output.js';
import { UsageError } from '../usage.js';

/** What `elbo export` writes. */
type ExportFormat = 'safetensors' | 'onnx' | 'tfjs';

/** The options of `elbo export`. */
export interface ExportFlags {
  readonly format?: ExportFormat;
  readonly part?: ExportPart;
  readonly out?: string;
  /** Whether a README.md is written beside the file. */
  readonly card?: boolean;
  readonly checkpoint?: CheckpointChoice;
  readonly backend?: string;
}

/** A file to write, by its path. */
type Files = readonly (readonly [path: string, bytes: Uint8Array])[];

/** How a format is written. */
interface Format {
  /** Where `--out` says that its first file goes. */
  at(out: string): string;
  /** That file's name in the run's folder. */
  named(part: ExportPart | undefined): string;
  /** The files, the first at `path`. */
  files(run: LoadedRun, part: ExportPart | undefined, path: string): Promise<Files>;
  /** Who reads it. */
  readonly read: string;
}

const graphModel = 'model.json';

const formats: Readonly<Record<ExportFormat, Format>> = {
  safetensors: {
    at: (out) => outPath(out, ['.safetensors']),
    named: (part) => `${part ?? 'model'}.safetensors`,
    files: async ({ model, params, rows }, part, path) => [
      [path, await encodeModel(model, params, rows, { part: weightsOf(part) })],
    ],
    read: 'Load it with loadModel of @elbo/models.',
  },
  onnx: {
    at: (out) => outPath(out, ['.onnx']),
    named: (part) => `${part}.onnx`,
    files: async ({ model, params, rows, step }, part, path) => [
      [path, await encodeOnnx(model, params, rows, { part: part!, metadata: { step: `${step}` } })],
    ],
    read: 'Any ONNX runtime runs it.',
  },
  tfjs: {
    at: (out) => {
      if (out === '' || endingOf(out) !== '')
        throw new UsageError(
          `--out ${out}: a graph model is a folder of two files, so give a name without an ending.`,
        );
      return outPath(join(out, graphModel), ['.json']);
    },
    named: (part) => join(`${part}-tfjs`, graphModel),
    files: async ({ model, params, rows, step }, part, path) => {
      const metadata = { step: `${step}` };
      const made = await encodeGraphModel(model, params, rows, { part: part!, metadata });
      // The weights first: whoever finds model.json finds them too.
      return [
        [join(dirname(path), weightsFile), made.weights],
        [path, made.model],
      ];
    },
    read: 'Load it with loadGraphModel of @tensorflow/tfjs.',
  },
};

/** `elbo export RUN`: the model and its weights as a file. Gives the exit status. */
export async function exportCommand(
  dir: string,
  flags: ExportFlags,
  output: Output,
  known: Known,
): Promise<number> {
  const { part, format = 'safetensors' } = flags;
  expectPartOf(format, part);
  const { at, named, files, read } = formats[format];
  const out = flags.out === undefined ? undefined : at(flags.out);
  const opened = await loadRun(dir, flags, known, output);
  try {
    const { step, averaged, run } = opened;
    const path = out ?? join(run.dir, named(part));
    const card = flags.card === true ? join(dirname(path), 'README.md') : undefined;
    if (card !== undefined) await expectOurs(card);
    const made = await files(opened, part, path);
    for (const [to, bytes] of made) await writeWhole(to, bytes);
    const bytes = made.reduce((sum, [, { length }]) => sum + length, 0);
    output.line(path);
    if (card !== undefined) {
      await writeWhole(card, await modelCard(opened, basename(path)));
      output.line(card);
    }
    output.line(
      `${part === undefined ? 'The model' : `The ${part}`} of step ${step}${averaged ? ', averaged over steps' : ''}: ${bytes} bytes. ${read}`,
    );
    output.result({
      path,
      card: card ?? null,
      step,
      averaged,
      format,
      part: part ?? null,
      bytes,
    });
    return 0;
  } finally {
    opened.dispose();
  }
}

/** @throws UsageError for a format that has no such part, or needs one. */
function expectPartOf(format: ExportFormat, part: ExportPart | undefined): void {
  if (format === 'safetensors') weightsOf(part);
  else if (part === undefined)
    throw new UsageError(
      `--format ${format} writes the computation of one part: add --part encoder, decoder or scorer.`,
    );
}

/** @throws UsageError for what is no part of the weights. */
function weightsOf(part: ExportPart | undefined): Exclude<ExportPart, 'scorer'> | undefined {
  if (part !== 'scorer') return part;
  throw new UsageError(
    '--part scorer is a computation, and a safetensors file holds only weights: add --format onnx or tfjs, or leave out --part to write the whole model.',
  );
}

/** @throws UsageError where a card would replace what a person wrote. */
async function expectOurs(card: string): Promise<void> {
  if (!existsSync(card)) return;
  const text = new TextDecoder().decode(await readWhole(card));
  if (!text.startsWith(cardHead))
    throw new UsageError(
      `--card: ${card} exists and is not a card, so it was left as it is: move it, or write the model elsewhere with --out.`,
    );
}
