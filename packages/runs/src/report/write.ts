import { messageOf } from '@elbo/core';
import { renderReport, type MetricsLine, type ReportData, type ReportNotes } from '@elbo/report';
import { join } from 'node:path';
import { readEvaluations } from '../evaluations/keep.js';
import { readMetrics } from '../run/metrics.js';
import type { RunDirectory } from '../run/run.js';
import { readNotes, writeNotes } from './notes.js';
import { chartLibrary } from './uplot.js';

/**
 * Writes a run's `report.html`, of these notes and of what lies in the run: its configuration, metrics, pictures and
 * evaluations; then the notes, from which it can be made again. Gives the report's path.
 *
 * @param metrics Those of the run, where they are at hand; read by default.
 * @throws FileError when something cannot be read or written; an earlier report stays whole.
 */
export async function writeReport(
  run: RunDirectory,
  notes: ReportNotes,
  metrics?: readonly MetricsLine[],
): Promise<string> {
  const path = await writePage(run, notes, metrics);
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

async function writePage(
  run: RunDirectory,
  notes: ReportNotes,
  metrics?: readonly MetricsLine[],
): Promise<string> {
  const page = renderReport(
    await gather(run, notes, metrics ?? (await readMetrics(run.dir))),
    chartLibrary(),
  );
  await run.files.write('report.html', new TextEncoder().encode(page));
  return join(run.dir, 'report.html');
}

/** What a report shows. What is gone, broken or a link that leads elsewhere is left out, with a warning. */
async function gather(
  run: RunDirectory,
  notes: ReportNotes,
  metrics: readonly MetricsLine[],
): Promise<ReportData> {
  const { images, latent, warnings, ...rest } = notes;
  const there = await run.files.list();
  const lacks: string[] = [];
  const read = async (file: string): Promise<Uint8Array | undefined> => {
    if (!there.includes(file)) {
      lacks.push(`${file} is no longer in the run: its picture is left out.`);
      return undefined;
    }
    try {
      return await run.files.read(file);
    } catch (thrown) {
      lacks.push(`${messageOf(thrown)} Its picture is left out.`);
      return undefined;
    }
  };
  const pictures: ReportData['images'][number][] = [];
  for (const { file, ...image } of images) {
    const png = await read(file);
    if (png) pictures.push({ ...image, png });
  }
  const map = latent === undefined ? undefined : await read(latent);
  let evaluations: ReportData['evaluations'] = [];
  try {
    evaluations = await readEvaluations(run);
  } catch (thrown) {
    lacks.push(`${messageOf(thrown)} Its evaluations are left out.`);
  }
  return {
    ...rest,
    config: run.config,
    metrics,
    images: pictures,
    ...(map && { latent: new TextDecoder().decode(map) }),
    warnings: [...warnings, ...lacks],
    evaluations,
  };
}
