import { hasBestCheckpoint, metricsLine, metricsLogger, readMetrics } from '@elbo/runs';
import {
  disposeState,
  keepsBest,
  train,
  trainOptions,
  type Ending,
  type Report,
  type Run,
  type State,
} from '@elbo/training';
import { begun, stretchesFrom, type Stretch } from '../config/legs.js';
import { lastLeg } from '../config/run_config.js';
import { reportEnd, type FinalReport } from '../reports/final_report.js';
import { interimReport } from '../reports/interim.js';
import { trainingSeconds } from '../reports/provenance.js';
import { follow } from './follow.js';
import type { Ready } from './ready.js';
import { bestParams, restore } from './restore.js';
import type { TrainingHost } from './training_host.js';

/** How a run ended, and what its report found. */
export interface EndedRun extends FinalReport {
  readonly run: string;
  readonly ended: Ending;
  readonly step: number;
  /** Of training. */
  readonly seconds: number;
}

/** Trains a run to its end or until its host ends it, and writes its report. */
export async function trainToEnd(ready: Ready, host: TrainingHost): Promise<EndedRun> {
  const { run, config, sets, model, registry, workers, state, ending, title, backend, command } =
    ready;
  const { training } = lastLeg(config);
  const { seed, batchSize } = training;
  const from = state.step;
  const steps = ending ? from : training.steps;
  const logger = await metricsLogger(run, { resumeFrom: from });
  host.note(
    ending
      ? `${run.dir} is fully trained; only its report is missing.`
      : `Training ${title} for ${steps} steps of ${batchSize} rows into ${run.dir}${from > 0 ? `, from step ${from}` : ''}`,
  );
  host.started?.({ run: run.dir, step: from, steps, seed, backend: backend.name });
  const sessionOf = (leg: Stretch, at: State): Run =>
    train(model, sets.train, {
      ...trainOptions(ending ? { ...leg.training, steps } : leg.training, registry, {
        held: sets.validation,
        store: run.checkpoints,
      }),
      until: leg.until,
      gradients: workers.gradients,
      from: at,
      ...(host.signal && { signal: host.signal }),
      config: run.config,
    });
  const [leg, ...later] = stretchesFrom(config, from);
  let session = sessionOf(leg!, state);
  const interim = interimReport(
    {
      ...{ run, title, model, test: sets.test, backend, seed, steps, command },
      state: () => session.state,
    },
    host,
  );
  // Now, for the step in progress may not end.
  const fail = (): void => void interim.fail(host.failure?.reason);
  host.failure?.addEventListener('abort', fail);
  try {
    const began = performance.now();
    if (!ending) await interim.begin();
    const log = async (report: Report, says: string): Promise<void> => {
      await logger.log(metricsLine(report));
      await interim.update(report);
      host.reported?.(report, says);
    };
    await follow(session, { from, steps, host, log });
    for (const next of later) {
      if (session.ended === 'aborted') break;
      const at = begun(session.take(), config);
      session = sessionOf(next, at);
      await follow(session, { from: at.step, steps, host, log });
    }
    host.safe?.();
    host.failure?.throwIfAborted();

    const ended = ending ?? session.ended ?? 'steps';
    const { step } = session.state;
    const metrics = await readMetrics(run.dir);
    const seconds = Math.max(trainingSeconds(metrics), (performance.now() - began) / 1000);
    host.status('Measuring test rows and drawing the report ...');
    const shown = await shownOf(ready, session.state);
    const report = await reportEnd({
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
    for (const warning of report.warnings) host.note(`Warning: ${warning}`);
    return { ended, step, seconds, run: run.dir, ...report };
  } catch (error) {
    await interim.fail(error);
    throw error;
  } finally {
    host.failure?.removeEventListener('abort', fail);
    host.safe?.();
    session.dispose();
  }
}

/** The state that the report shows: the best step's where the run keeps that, which is the caller's, else the last. */
async function shownOf({ run, config, model, sets, registry }: Ready, last: State): Promise<State> {
  const { training } = lastLeg(config);
  if (!keepsBest(training) || !(await hasBestCheckpoint(run))) return last;
  return (await restore(run, model, training, sets.train, registry, 'best')).state;
}
