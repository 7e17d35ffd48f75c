import { selectBackend, type SelectedBackend } from '@elbo/backends';
import { FileError, type Registry } from '@elbo/core';
import type { Sets } from '@elbo/datasets';
import { takeLease, type Lease } from '@elbo/files';
import { standardAddress } from '@elbo/models';
import { modelCategory, type Model } from '@elbo/objectives';
import { startWorkers } from '@elbo/parallel';
import { createRun, freshFolder, openRun, type RunDirectory } from '@elbo/runs';
import { checkpointNames, numerics } from '@elbo/training';
import { join } from 'node:path';
import { configuredData, dataConfig, fileOptions } from '../config/data.js';
import { resolvedTraining } from '../config/completed.js';
import { begun, extended } from '../config/legs.js';
import type { Resolution } from '../config/resolve.js';
import { expectForm, formOf } from '../config/row_form.js';
import { lastLeg, toJson, type ResolvedConfig } from '../config/run_config.js';
import { scheduleNote } from '../config/schedule_note.js';
import type { Known } from '../known.js';
import { expectRoomToTrain } from '../room.js';
import { warnOfSkipped } from '../use/load_run.js';
import { endingOf, reportAfter } from './ending.js';
import { tryTraining } from './preflight.js';
import { initialFor, restore, type Restored } from './restore.js';
import { trainToEnd, type EndedRun } from './train_to_end.js';
import type { TrainingHost } from './training_host.js';
import { warmStarted } from './warm_start.js';

/** Where a run goes, and what its report says of it. */
export interface TrainResolvedOptions {
  /** A folder that does not exist yet; a fresh one below `runs` by default. */
  readonly out?: string | undefined;
  /** How the run is made again, for its report. */
  readonly command?: string;
}

/** A run that had come to its end before. */
export interface EndedBefore {
  readonly run: string;
  readonly ended: 'steps' | 'early';
  readonly step: number;
  readonly report: string;
}

/**
 * Trains what was resolved into a run directory, which no other process trains into meanwhile, and writes its report. A run
 * that has ended and has its report is left as it is.
 *
 * @throws FileError when the run belongs to another process, is broken, or cannot be written; RequestError when training needs
 * more memory than there is; BackendError, DataError or NumericalError from training.
 *
 * @example
 * ```ts
 * import { knownWith, quiet, resolveRecipe, trainResolved } from '@elbo/experiments';
 *
 * const known = knownWith({});
 * const options = { steps: 2, hidden: [8] };
 * const resolution = await resolveRecipe({ model: 'vae', options }, known, quiet);
 * const { step, ended } = await trainResolved(resolution, { out: 'runs/small' }, known, quiet);
 * console.log(step, ended); // 2 steps
 * ```
 */
export async function trainResolved(
  resolution: Resolution,
  { out, command = '' }: TrainResolvedOptions,
  known: Known,
  host: TrainingHost,
): Promise<EndedRun | EndedBefore> {
  let lease: Lease | undefined;
  // From when a run's files are first read or written.
  const hold = async (dir: string): Promise<void> => {
    lease ??= await takeLease(dir, 'run');
  };
  try {
    return await trainHeld(resolution, { out, command, hold }, known, host);
  } finally {
    await lease?.release();
  }
}

async function trainHeld(
  { config: given, sets: chosen, model: composed, title, changedSteps, resume }: Resolution,
  {
    out,
    command,
    hold,
  }: {
    readonly out: string | undefined;
    readonly command: string;
    readonly hold: (dir: string) => Promise<void>;
  },
  known: Known,
  host: TrainingHost,
): Promise<EndedRun | EndedBefore> {
  const { registry } = known;
  const backend = await selectBackend({ backend: given.backend, processes: given.workers });
  host.note(describe(backend));
  const note = changedSteps ? scheduleNote(given.training) : undefined;
  if (note !== undefined) host.note(note);

  const sets =
    chosen ?? (await configuredData(given.data, fileOptions(given.dataDir, host, known)));
  if (resume && given.rows) expectForm(sets, given.rows, resume.dir);
  // As found: paths are absolute, and files have digests, also where a configuration lacked them.
  const found = { dataDir: undefined, ...dataConfig(sets, given.dataDir), rows: formOf(sets.test) };
  const model = composed ?? registry.build(modelCategory, given.model);
  // What was built, so that the run stays the same when a default changes.
  const stored: ResolvedConfig = {
    ...given,
    ...found,
    model: model.config,
    training: resolvedTraining(given.training, registry),
    ...(given.legs && {
      legs: given.legs.map(({ from, training }) => ({
        from,
        training: resolvedTraining(training, registry),
      })),
    }),
  };
  expectRoomToTrain(model, stored, sets.train, backend.name);
  const before = resume && (await openRun(resume.dir));
  if (before) await hold(before.dir);
  const restored = before && (await resumed(before, model, stored, sets, registry, host));
  const adopted =
    restored || !stored.from ? undefined : await warmStarted(stored.from, model, stored.rows, host);
  const started = adopted ? { ...stored, from: adopted.warmStart } : stored;
  const config = extended(started, resume?.further, restored?.state, before?.dir ?? '');
  const { training } = lastLeg(config);
  if (restored) restored.state = begun(restored.state, config);
  const ending = restored && endingOf(restored.state, training);
  if (before && restored && ending) {
    const report = await reportAfter(before, restored.path);
    if (report !== undefined)
      return { run: before.dir, ended: ending, step: restored.state.step, report };
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
    const state =
      restored?.state ?? initialFor(model, training, sets.train, registry, adopted?.adopt);
    const dir = before?.dir ?? out ?? (await freshFolder(join('runs', title)));
    await hold(dir);
    const run = await createRun({ dir, config: toJson(config), resume: before !== undefined });
    return await trainToEnd(
      { run, config, sets, model, registry, workers, state, ending, title, backend, command },
      host,
    );
  } finally {
    await workers.close();
  }
}

function describe({ name, version, threads, acceleration, tried }: SelectedBackend): string {
  const failed = tried.flatMap((each) =>
    each.outcome === 'failed' || each.outcome === 'slower'
      ? [`${each.name}: ${each.reason ?? each.outcome}`]
      : [],
  );
  const fewer = acceleration?.fewer;
  const on =
    fewer === undefined ? `${threads} thread${threads === 1 ? '' : 's'}` : `one thread: ${fewer}`;
  return `Backend ${name} ${version}, ${on}${failed.length > 0 ? ` (${failed.join('; ')})` : ''}`;
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
  host: TrainingHost,
): Promise<Restored | undefined> {
  const { training } = lastLeg(config);
  if (checkpointNames(await run.checkpoints.list()).length === 0) return undefined;
  const restored = await restore(run, model, training, sets.train, registry);
  const { seed, path, skipped } = restored;
  warnOfSkipped(skipped, host);
  if (restored.numerics !== numerics)
    host.note(
      `Warning: ${path} was trained with another version of the numerics (${restored.numerics}, and this is ${numerics}): it continues, but its bits will differ from those of an uninterrupted run.`,
    );
  if (seed !== training.seed)
    throw new FileError(
      `${path} was made with seed ${seed}, but the run's config.json says ${training.seed}: restore that seed.`,
    );
  return restored;
}
