import type { SelectedBackend } from '@elbo/backends';
import type { Registry } from '@elbo/core';
import type { Sets } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import type { Workers } from '@elbo/parallel';
import { formatFigure } from '@elbo/report';
import {
  hasBestCheckpoint,
  metricsLine,
  metricsLogger,
  readMetrics,
  type RunDirectory,
} from '@elbo/runs';
import {
  disposeState,
  keepsBest,
  train,
  trainOptions,
  type Report,
  type Run,
  type State,
} from '@elbo/training';
import { finish, type Outcome } from './finish.js';
import { follow } from './follow.js';
import { interrupted, onInterrupt } from './interrupt.js';
import { begun, stretchesFrom, type Stretch } from './legs.js';
import type { Output } from './output.js';
import { interimReport } from './report/interim.js';
import { trainingSeconds } from './report/provenance.js';
import { bestParams, restore } from './restore.js';
import { lastLeg, type ResolvedConfig } from './run_config.js';

/** A run that is ready to train. */
export interface Ready {
  readonly run: RunDirectory;
  readonly config: ResolvedConfig;
  readonly sets: Sets;
  readonly model: Model;
  readonly registry: Registry;
  readonly workers: Workers;
  /** What to go on from; taken over. */
  readonly state: State;
  /** How it has ended already: then it lacks its report only. */
  readonly ending: 'steps' | 'early' | undefined;
  readonly title: string;
  readonly backend: SelectedBackend;
  readonly command: string;
}

/** Trains a run to its end or an interrupt, and reports. Gives the exit status. */
export async function trainInto(ready: Ready, output: Output): Promise<number> {
  const { run, config, sets, model, registry, workers, state, ending, title, backend, command } =
    ready;
  const { training } = lastLeg(config);
  const { seed, batchSize } = training;
  const from = state.step;
  const steps = ending ? from : training.steps;
  const logger = await metricsLogger(run, { resumeFrom: from });
  output.note(
    ending
      ? `${run.dir} is trained and lacks its report only.`
      : `Training ${title} for ${steps} steps of ${batchSize} rows into ${run.dir}${from > 0 ? `, from step ${from}` : ''}`,
  );
  output.result({ event: 'start', run: run.dir, step: from, steps, seed, backend: backend.name });
  const interrupt = onInterrupt(
    () => {
      output.note('Interrupted: writing a checkpoint and the report (again to stop at once) ...');
    },
    {
      failed: () => {
        output.note('An error that nobody caught: writing a checkpoint before it ends ...');
        // Now, for the step in progress may not end.
        void interim.fail(interrupt.failure?.error);
      },
      stuck: () => {
        output.note('The step in progress does not end: no checkpoint was written since the last.');
      },
    },
  );
  const sessionOf = (leg: Stretch, at: State): Run =>
    train(model, sets.train, {
      ...trainOptions(ending ? { ...leg.training, steps } : leg.training, registry, {
        held: sets.validation,
        store: run.checkpoints,
      }),
      until: leg.until,
      gradients: workers.gradients,
      from: at,
      signal: interrupt.signal,
      config: run.config,
    });
  const [leg, ...later] = stretchesFrom(config, from);
  let session = sessionOf(leg!, state);
  const interim = interimReport(
    {
      ...{ run, title, model, test: sets.test, backend, seed, steps, command },
      state: () => session.state,
    },
    output,
  );
  try {
    const began = performance.now();
    if (!ending) await interim.begin();
    const log = async (report: Report): Promise<void> => {
      await logger.log(metricsLine(report));
      await interim.update(report);
    };
    await follow(session, { from, steps, output, log });
    for (const next of later) {
      if (session.ended === 'aborted') break;
      const at = begun(session.take(), config);
      session = sessionOf(next, at);
      await follow(session, { from: at.step, steps, output, log });
    }
    // From here on nothing can be lost: an interrupt ends the command at once.
    interrupt.release();
    if (interrupt.failure) throw interrupt.failure.error;

    const ended = ending ?? session.ended ?? 'steps';
    const { step } = session.state;
    const metrics = await readMetrics(run.dir);
    const seconds = Math.max(trainingSeconds(metrics), (performance.now() - began) / 1000);
    output.transient('Drawing the report ...');
    const shown = await shownOf(ready, session.state);
    const outcome = await finish({
      run,
      title,
      model,
      params: bestParams(shown),
      ...(shown !== session.state && { best: shown.step }),
      test: sets.test,
      rows: training.validateRows,
      backend,
      seed,
      step,
      steps: training.steps,
      seconds,
      ended,
      metrics,
      command,
    }).finally(() => {
      if (shown !== session.state) disposeState(shown);
    });
    tell(outcome, output);
    if (ended === 'aborted') output.line(`Go on with: elbo train --resume ${run.dir}`);
    output.result({ event: 'end', ended, step, seconds, run: run.dir, ...outcome });
    return ended === 'aborted' ? interrupted : 0;
  } catch (error) {
    await interim.fail(error);
    throw error;
  } finally {
    interrupt.release();
    session.dispose();
  }
}

/** The state that the report shows: the best step's where the run keeps that, which is the caller's, else the last. */
async function shownOf({ run, config, model, sets, registry }: Ready, last: State): Promise<State> {
  const { training } = lastLeg(config);
  if (!keepsBest(training) || !(await hasBestCheckpoint(run))) return last;
  return (await restore(run, model, training, sets.train, registry, 'best')).state;
}

/** Says what the report found. */
function tell({ report, headline, warnings }: Outcome, output: Output): void {
  for (const warning of warnings) output.note(`Warning: ${warning}`);
  output.line(headline.map((figure) => `${figure.label} ${formatFigure(figure)}`).join('   '));
  output.line(`Report: ${report}`);
}
