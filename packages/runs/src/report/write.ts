import { messageOf } from '@elbo/core';
import { join } from 'node:path';
import { readEvaluations } from '../evaluations/keep.js';
import { readMetrics } from '../run/metrics.js';
import type { RunDirectory } from '../run/run.js';
import type { ReportData, ReportNotes } from './data.js';
import { readNotes, writeNotes } from './notes.js';
import { renderReport } from './render.js';

/**
 * Writes a run's `report.html`, of these notes and of what lies in the run: its configuration, metrics, pictures and
 * evaluations; then the notes, from which it can be made again. Gives the report's path.
 *
 * @throws FileError when something cannot be read or written; an earlier report stays whole.
 */
export async function writeReport(run: RunDirectory, notes: ReportNotes): Promise<string> {
  const path = await writePage(run, notes);
  await writeNotes(run, notes);
  return path;
}

/**
 * Makes a run's report again of what lies in the run; nothing where it has none yet. Gives its path.
 *
 * @throws FileError as `writeReport`, and when the notes are broken.
 */
export async function rebuildReport(run: RunDirectory): Promise<string | undefined> {
  const notes = await readNotes(run);
  return notes && writePage(run, notes);
}

async function writePage(run: RunDirectory, notes: ReportNotes): Promise<string> {
  const page = renderReport(await gather(run, notes));
  await run.files.write('report.html', new TextEncoder().encode(page));
  return join(run.dir, 'report.html');
}

/** What a report shows. A picture that is gone and evaluations that are broken are left out, with a warning. */
async function gather(run: RunDirectory, notes: ReportNotes): Promise<ReportData> {
  const { images, latent, warnings, ...rest } = notes;
  const there = await run.files.list();
  const lacks = [...images.map(({ file }) => file), ...(latent === undefined ? [] : [latent])]
    .filter((file) => !there.includes(file))
    .map((file) => `${file} is no longer in the run: its picture is left out.`);
  let evaluations: ReportData['evaluations'] = [];
  try {
    evaluations = await readEvaluations(run);
  } catch (thrown) {
    lacks.push(`${messageOf(thrown)} Its evaluations are left out.`);
  }
  const pictures = images
    .filter(({ file }) => there.includes(file))
    .map(async ({ file, ...image }) => ({ ...image, png: await run.files.read(file) }));
  return {
    ...rest,
    config: run.config,
    metrics: await readMetrics(run.dir),
    images: await Promise.all(pictures),
    ...(latent !== undefined &&
      there.includes(latent) && { latent: new TextDecoder().decode(await run.files.read(latent)) }),
    warnings: [...warnings, ...lacks],
    evaluations,
  };
}
