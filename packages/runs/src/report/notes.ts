import { recordOf } from '@elbo/core';
import type { ReportNotes } from '@elbo/report';
import { join } from 'node:path';
import * as v from 'valibot';
import { figure, readJson } from '../files/json_file.js';
import type { RunDirectory } from '../run/run.js';

const name = 'report.json';

const schema: v.GenericSchema<unknown, ReportNotes> = v.object({
  title: v.string(),
  stage: v.optional(v.picklist(['training', 'failed'])),
  status: v.optional(v.string()),
  command: v.optional(v.string()),
  headline: v.array(
    v.object({
      label: v.string(),
      value: figure,
      unit: v.optional(v.string()),
      note: v.optional(v.string()),
    }),
  ),
  images: v.array(v.object({ title: v.string(), caption: v.string(), file: v.string() })),
  rows: v.optional(
    v.array(
      v.object({
        title: v.string(),
        caption: v.string(),
        names: v.array(v.string()),
        rows: v.array(v.array(v.string())),
      }),
    ),
  ),
  latent: v.optional(v.string()),
  warnings: v.array(v.string()),
  diagnostics: v.array(v.object({ label: v.string(), value: figure, note: v.string() })),
  provenance: v.object({
    seed: v.number(),
    steps: v.number(),
    seconds: v.number(),
    backend: v.string(),
    versions: recordOf(v.string()),
    parameters: v.optional(recordOf(v.number())),
  }),
});

/**
 * What the report of a run says that no other file does; `undefined` before there is a report.
 *
 * @throws FileError when the file is broken.
 */
export function readNotes({ dir, files }: RunDirectory): Promise<ReportNotes | undefined> {
  return readJson(files, name, schema, join(dir, name));
}

/** Writes `report.json`. */
export function writeNotes({ files }: RunDirectory, notes: ReportNotes): Promise<void> {
  return files.write(name, new TextEncoder().encode(`${JSON.stringify(notes, null, 2)}\n`));
}
