import { selectBackend, type SelectedBackend } from '@elbo/backends';
import { FileError, type Registry } from '@elbo/core';
import type { Binarisation, HoldOut, Sets } from '@elbo/datasets';
import { takeLease, type Lease } from '@elbo/files';
import { standardAddress } from '@elbo/models';
import { modelCategory, type Model } from '@elbo/objectives';
import { startWorkers } from '@elbo/parallel';
import { createRun, freshFolder, openRun, type RunDirectory } from '@elbo/runs';
import { checkpointNames } from '@elbo/training';
import { join } from 'node:path';
import { configuredData, dataConfig, fileOptions } from '../data.js';
import { endingOf, reportAfter } from '../finished.js';
import type { Known } from '../known.js';
import { begun, extended } from '../legs.js';
import type { Output } from '../output.js';
import { tryTraining } from '../preflight.js';
import { resolveConfig } from '../resolve.js';
import { initialFor, restore, type Restored } from '../restore.js';
import { expectRoomToTrain } from '../room.js';
import { expectForm, formOf } from '../row_form.js';
import { lastLeg, toJson, type ResolvedConfig } from '../run_config.js';
import { scheduleNote } from '../schedules.js';
import { trainInto } from '../train_into.js';
import { warnOfSkipped } from '../trained.js';
import { UsageError } from '../usage.js';

/** The options of `elbo train`. */
export interface TrainFlags {
  readonly data?: string;
  readonly dataDir?: string;
  readonly holdOut?: HoldOut;
  readonly binarise?: Binarisation | 'none';
  readonly condition?: 'label' | 'none';
  readonly config?: string;
  readonly set?: readonly string[];
  readonly steps?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly workers?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly keep?: 'best' | 'last';
}

/** `elbo train`: resolves a configuration, trains it into a run directory, reports. Gives the exit status. */
export async function trainCommand(
  name: string | undefined,
  flags: TrainFlags,
  output: Output,
  known: Known,
  command: string,
): Promise<number> {
  let lease: Lease | undefined;
  // From when a run's files are first read or written, so that no other process trains into it meanwhile.
  const hold = async (dir: string): Promise<void> => {
    lease ??= await takeLease(dir, 'run');
  };
  try {
    return await trainHeld(name, flags, output, known, { command, hold });
  } finally {
    await lease?.release();
  }
}

async function trainHeld(
  name: string | undefined,
  flags: TrainFlags,
  output: Output,
  known: Known,
  { command, hold }: { readonly command: string; readonly hold: (dir: string) => Promise<void> },
): Promise<number> {
  if (flags.out === '')
    throw new UsageError('--out is empty: name a folder, or leave it out for one below runs.');
  const { registry } = known;
  const resolution = await resolveConfig(name, flags, output, known);
  const { config: given, sets: chosen, title, changedSteps } = resolution;
  const backend = await selectBackend({ backend: flags.backend ?? given.backend });
  output.note(describe(backend));
  const note = changedSteps ? scheduleNote(given.training) : undefined;
  if (note !== undefined) output.note(note);

  const sets =
    chosen ?? (await configuredData(given.data, fileOptions(given.dataDir, output, known)));
  if (flags.resume !== undefined && given.rows) expectForm(sets, given.rows, flags.resume);
  // As found: paths are absolute, and files have digests, also where a configuration lacked them.
  const found = { dataDir: undefined, ...dataConfig(sets, given.dataDir), rows: formOf(sets.test) };
  const stored: ResolvedConfig = { ...given, ...found };
  const model = registry.build(modelCategory, stored.model);
  expectRoomToTrain(model, stored, sets.train, backend.name);
  const before = flags.resume === undefined ? undefined : await openRun(flags.resume);
  if (before) await hold(before.dir);
  const restored = before && (await resumed(before, model, stored, sets, registry, output));
  const config = extended(stored, resolution.further, restored?.state, before?.dir ?? '');
  const { training } = lastLeg(config);
  if (restored) restored.state = begun(restored.state, config);
  const ending = restored && endingOf(restored.state, training);
  if (before && restored && ending) {
    const report = await reportAfter(before, restored.path);
    if (report !== undefined) return nothingLeft(before, restored, ending, report, output);
  }
  if (ending === undefined)
    await tryTraining(model, { training, workers: config.workers }, sets, registry);
  const workers = await startWorkers(model, sets.train, {
    workers: config.workers,
    backend: backend.name,
    plugins: [standardAddress, ...known.plugins.map(({ address }) => address)],
    ...(stored.dataDir !== undefined && { dataDir: stored.dataDir }),
  });
  try {
    const state = restored?.state ?? initialFor(model, training, sets.train, registry);
    const dir = before?.dir ?? flags.out ?? (await freshFolder(join('runs', title)));
    await hold(dir);
    const run = await createRun({ dir, config: toJson(config), resume: before !== undefined });
    return await trainInto(
      { run, config, sets, model, registry, workers, state, ending, title, backend, command },
      output,
    );
  } finally {
    await workers.close();
  }
}

function describe({ name, version, tried }: SelectedBackend): string {
  const failed = tried.flatMap((each) =>
    each.outcome === 'failed' || each.outcome === 'slower'
      ? [`${each.name}: ${each.reason ?? each.outcome}`]
      : [],
  );
  return `Backend ${name} ${version}${failed.length > 0 ? ` (${failed.join('; ')})` : ''}`;
}

/** Says that a run to go on with is at its end. */
function nothingLeft(
  { dir }: RunDirectory,
  { state: { step } }: Restored,
  ended: 'steps' | 'early',
  report: string,
  output: Output,
): number {
  output.line(
    ended === 'early'
      ? `Nothing to train: ${dir} stopped early at step ${step}.`
      : `Nothing to train: ${dir} has finished its ${step} steps; --steps with a higher number goes on, in a further leg.`,
  );
  output.line(`Report: ${report}`);
  output.result({ event: 'end', ended, step, run: dir, report });
  return 0;
}

/**
 * What to go on from; nothing when the run was interrupted before its first checkpoint. Nothing in the run is changed.
 *
 * @throws FileError when no checkpoint is whole or fits.
 */
async function resumed(
  run: RunDirectory,
  model: Model,
  config: ResolvedConfig,
  sets: Sets,
  registry: Registry,
  output: Output,
): Promise<Restored | undefined> {
  const { training } = lastLeg(config);
  if (checkpointNames(await run.checkpoints.list()).length === 0) return undefined;
  const restored = await restore(run, model, training, sets.train, registry);
  const { seed, path, skipped } = restored;
  warnOfSkipped(skipped, output);
  if (seed !== training.seed)
    throw new FileError(
      `${path} was made with seed ${seed}, and the run's config.json says ${training.seed}: put that back.`,
    );
  return restored;
}
