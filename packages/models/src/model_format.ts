import {
  CompositionError,
  exactly,
  FileError,
  jsonText,
  nested,
  printable,
  whole,
  type Config,
} from '@elbo/core';
import type { DataForm, Model } from '@elbo/objectives';
import * as v from 'valibot';

/** What the metadata of a model's file begin with. */
export const format = 'elbo-model';
export const version = '1';

/** A part of a model that can be a file by itself. */
export type ModelPart = 'encoder' | 'decoder';

/** What a file tells of its rows beside their shape. */
export interface ModelForm {
  /** The symbols of rows that are one-hot sequences. */
  readonly alphabet?: readonly string[] | undefined;
}

/** @throws CompositionError for a part that a model lacks. */
export function expectPart({ encoder }: Model, part: ModelPart): void {
  if (part === 'encoder' && !encoder)
    throw new CompositionError('This model has no encoder: leave out the part, or choose decoder.');
}

/** What a file says of the model that it holds. */
export interface Described {
  readonly config: Config;
  readonly data: DataForm & ModelForm;
  readonly parts: readonly string[];
}

const schema = v.object({
  format: v.literal(format),
  version: v.literal(version),
  config: v.pipe(jsonText, nested),
  data: v.pipe(
    jsonText,
    exactly({
      shape: v.array(whole(1)),
      conditions: v.exactOptional(whole(1)),
      alphabet: v.exactOptional(v.array(v.string())),
    }),
  ),
  parts: v.pipe(jsonText, v.array(v.picklist(['encoder', 'decoder', 'prior', 'dual']))),
});

/**
 * Reads the metadata of a model's file.
 *
 * @throws FileError for that of something else, or of another version.
 */
export function parseDescription(
  metadata: Readonly<Record<string, string>>,
  where: string,
): Described {
  const parsed = v.safeParse(schema, metadata);
  if (parsed.success) return parsed.output;
  if (metadata.format === 'elbo-checkpoint')
    throw new FileError(
      `${where} is a checkpoint, to go on training from. The model alone is what \`elbo export RUN\` writes.`,
    );
  const [issue] = parsed.issues;
  throw new FileError(
    `${where} is no model that this version can read: its metadata have ${v.getDotPath(issue) ?? '?'} = ${printable(issue.received.slice(0, 60))}, expected ${issue.expected ?? 'another value'}. Write it anew: elbo export RUN.`,
  );
}
