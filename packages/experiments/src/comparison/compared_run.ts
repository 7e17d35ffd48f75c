import type { Evaluation, MetricsLine, ReportNotes } from '@elbo/report';
import {
  openRun,
  readEvaluations,
  readMetrics,
  readNotes,
  type RunConfig,
  type RunDirectory,
} from '@elbo/runs';
import { basename } from 'node:path';

/** A run as it is compared: what its files say. */
export interface ComparedRun {
  /** Another one for each run. */
  readonly name: string;
  readonly dir: string;
  readonly config: RunConfig;
  /** Of a run that has a report. */
  readonly notes: ReportNotes | undefined;
  readonly metrics: readonly MetricsLine[];
  readonly evaluations: readonly Evaluation[];
  /** The PNG of its samples, if there is one. */
  readonly samples: Uint8Array | undefined;
}

/**
 * Reads runs; they are called by their folders' names, or by their paths where two folders have one name.
 *
 * @throws FileError that says what is wrong with which file.
 */
export async function readSides(dirs: readonly string[]): Promise<readonly ComparedRun[]> {
  const runs = await Promise.all(dirs.map((dir) => openRun(dir)));
  const names = runs.map(({ dir }) => basename(dir));
  const distinct = new Set(names).size === names.length;
  return Promise.all(runs.map((run, i) => readSide(run, distinct ? names[i]! : run.dir)));
}

async function readSide(run: RunDirectory, name: string): Promise<ComparedRun> {
  const { dir, config, files } = run;
  const hasSamples = (await files.list()).includes('samples.png');
  return {
    name,
    dir,
    config,
    notes: await readNotes(run),
    metrics: await readMetrics(dir),
    evaluations: await readEvaluations(run),
    samples: hasSamples ? await files.read('samples.png') : undefined,
  };
}
