import { selectBackend } from '@elbo/backends';
import { FileError } from '@elbo/core';
import type { Binarisation } from '@elbo/datasets';
import { modelCategory } from '@elbo/objectives';
import { createRun, latestCheckpoint, metricsLine, metricsLogger, type RunDirectory } from '@elbo/runs';
import {
  disposeState,
  initialState,
  stateFrom,
  train,
  trainOptions,
  type Run,
  type State,
} from '@elbo/training';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { configuredData, fileOptions, type Sets } from '../data.js';
import { finish } from '../finish.js';
import { formatDuration, formatMetrics } from '../format.js';
import { interrupted, onInterrupt } from '../interrupt.js';
import type { Output } from '../output.js';
import { resolveConfig } from '../resolve.js';
import { toJson, type ResolvedConfig } from '../run_config.js';
import { standard } from '../standard.js';

/** The options of `elbo train`. */
export interface TrainFlags {
  readonly data?: string;
  readonly dataDir?: string;
  readonly binarise: Binarisation | 'none';
  readonly config?: string;
  readonly set: readonly string[];
  readonly steps?: number;
  readonly batchSize?: number;
  readonly seed?: number;
  readonly backend?: string;
  readonly out?: string;
  readonly resume?: string;
}

/** `elbo train`: resolves a configuration, trains it into a run directory, reports. Gives the exit status. */
export async function trainCommand(
  name: string | undefined,
  flags: TrainFlags,
  output: Output,
  command: string,
): Promise<number> {
  const interrupt = onInterrupt(() => {
    output.note('\nInterrupted: writing a checkpoint (again to stop at once) ...');
  });
  let session: Run | undefined;
  try {
    const files = fileOptions(flags.dataDir, output, interrupt.signal);
    const { config, sets: chosen, title } = await resolveConfig(name, flags, files);
    const backend = await selectBackend({ backend: flags.backend ?? config.backend });
    output.note(
      `Backend ${backend.name} ${backend.version}${backend.tried.length > 1 ? ` (${backend.tried.map((t) => `${t.name}: ${t.reason ?? t.outcome}`).join('; ')})` : ''}`,
    );
    const sets = chosen ?? (await configuredData(config.data, files));
    const model = standard.build(modelCategory, config.model);
    const dir = flags.resume ?? flags.out ?? freshDirectory(title);
    const run = await createRun({ dir, config: toJson(config), resume: flags.resume !== undefined });

    const from = flags.resume === undefined ? undefined : await resumed(run, config, sets, output);
    const logger = await metricsLogger(run, from ? { resumeFrom: from.step } : {});
    const options = trainOptions(config.training, standard, { held: sets.validation, store: run.checkpoints });
    session = train(model, sets.train, {
      ...options,
      ...(from && { from }),
      signal: interrupt.signal,
      config: run.config,
    });
    output.note(
      `Training ${title} for ${config.training.steps} steps of ${config.training.batchSize} rows into ${run.dir}${from ? `, from step ${from.step}` : ''}`,
    );

    const started = performance.now();
    await follow(session, config, from?.step ?? 0, output, (report) => logger.log(metricsLine(report)));
    const { step } = session.state;
    const seconds = (performance.now() - started) / 1000;

    output.transient('Drawing the report ...');
    const params = {
      ...session.state.params,
      primal: session.state.ema ?? session.state.params.primal,
    };
    const outcome = await finish({
      run,
      title,
      model,
      params,
      held: sets.validation,
      backend,
      seed: config.training.seed,
      step,
      steps: config.training.steps,
      seconds,
      ended: session.ended,
      command,
    });
    for (const warning of outcome.warnings) output.note(`Warning: ${warning}`);
    output.line(
      outcome.headline
        .map(({ label, value }) => `${label} ${typeof value === 'number' ? value.toFixed(2) : value}`)
        .join('   '),
    );
    output.line(`Report: ${outcome.report}`);
    const aborted = session.ended === 'aborted';
    if (aborted) output.line(`Go on with: elbo train --resume ${run.dir}`);
    output.result({
      event: 'end',
      ended: session.ended,
      step,
      seconds,
      run: run.dir,
      report: outcome.report,
      headline: outcome.headline,
      warnings: outcome.warnings,
      diagnosis: outcome.diagnosis ?? null,
    });
    return aborted ? interrupted : 0;
  } catch (error) {
    if (interrupt.signal.aborted && error instanceof Error && error.name === 'AbortError') return interrupted;
    throw error;
  } finally {
    interrupt.release();
    session?.dispose();
  }
}

/** Shows reports as they come, as a bar, lines or JSON. */
async function follow(
  session: Run,
  config: ResolvedConfig,
  from: number,
  output: Output,
  log: (report: Parameters<typeof metricsLine>[0]) => Promise<void>,
): Promise<void> {
  const { steps } = config.training;
  const bar = output.bar(steps, from);
  const began = performance.now();
  let shown = '';
  let step = from;
  // Reports are seldom; a bar that stands still looks dead.
  const tick = setInterval(() => {
    step = stepOf(session) ?? step;
    bar.update(step, `${shown} ${pace(step - from, steps - step, began)}`);
  }, 250);
  try {
    for await (const report of session) {
      await log(report);
      step = report.step;
      output.result({ event: 'report', ...metricsLine(report) });
      if (report.split === 'training') shown = formatMetrics(report.metrics);
      bar.update(step, `${shown} ${pace(step - from, steps - step, began)}`);
      if (!output.interactive && !output.json)
        output.line(
          `step ${step}/${steps} ${report.split === 'validation' ? 'validation ' : ''}${formatMetrics(report.metrics)}${report.split === 'training' ? ` ${pace(step - from, steps - step, began)}` : ''}`,
        );
      else if (report.split === 'validation') shown = `${formatMetrics(report.metrics)} (validation)`;
    }
  } finally {
    clearInterval(tick);
    bar.stop();
  }
}

function stepOf(session: Run): number | undefined {
  try {
    return session.state.step;
  } catch {
    // It has not begun.
    return undefined;
  }
}

/** `12.3 steps/s, 1:05 left`. */
function pace(done: number, left: number, began: number): string {
  const seconds = (performance.now() - began) / 1000;
  if (done === 0 || seconds === 0) return '';
  const rate = done / seconds;
  return `${rate.toFixed(1)} steps/s, ${formatDuration(left / rate)} left`;
}

/** `runs/<title>`, or with a number behind it where that is taken. */
function freshDirectory(title: string): string {
  const base = join('runs', title);
  for (let n = 1; ; n++) {
    const dir = n === 1 ? base : `${base}-${n}`;
    if (!existsSync(dir)) return dir;
  }
}

/** The state of a run's newest whole checkpoint; nothing when it was interrupted before the first. */
async function resumed(
  run: RunDirectory,
  config: ResolvedConfig,
  sets: Sets,
  output: Output,
): Promise<State | undefined> {
  if ((await run.checkpoints.list()).length === 0) return undefined;
  const { name, checkpoint, skipped } = await latestCheckpoint(run);
  for (const reason of skipped) output.note(`Warning: passed over a broken checkpoint. ${reason}`);
  const { primal, dual, ema, seed } = trainOptions(config.training, standard);
  if (checkpoint.seed !== seed)
    throw new FileError(
      `${run.dir}: its checkpoint was made with seed ${checkpoint.seed}, and its config.json says ${seed}: put that back.`,
    );
  const like = initialState(
    standard.build(modelCategory, config.model),
    { primal, dual: dual ?? primal },
    { seed, x: sets.train.shape, ema: ema !== undefined },
  );
  try {
    return stateFrom(checkpoint, like, join(run.dir, 'checkpoints', name));
  } finally {
    disposeState(like);
  }
}
