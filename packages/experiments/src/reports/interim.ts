import type { SelectedBackend } from '@elbo/backends';
import { ElboError, messageOf } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { formatDuration, type MetricsLine, type ReportNotes } from '@elbo/report';
import { readMetrics, readNotes, writeReport, type RunDirectory } from '@elbo/runs';
import { checkpointNames, type Report, type State } from '@elbo/training';
import { join } from 'node:path';
import type { Host } from '../host.js';
import { bestParams } from '../training/restore.js';
import { draw, type Drawings } from './drawings.js';
import { costsHeadline } from './headline.js';
import { provenanceOf, trainingSeconds } from './provenance.js';
import { timeShare } from './time_share.js';

/** A run that trains. */
export interface Training {
  readonly run: RunDirectory;
  readonly title: string;
  readonly model: Model;
  readonly test: Dataset;
  readonly backend: SelectedBackend;
  readonly seed: number;
  /** The step that it ends at. */
  readonly steps: number;
  readonly command: string;
  /** Where it is; borrowed. */
  readonly state: () => State;
}

/** The report of a run before its end. What keeps it from being written or drawn is said once, and stops nothing. */
export interface Interim {
  /** Writes it for the first time. */
  begin(): Promise<void>;
  /** Brings it up to date, where that takes next to no time. */
  update(report: Report): Promise<void>;
  /** Writes the last one of a run that an error ended. */
  fail(error: unknown): Promise<void>;
}

/** What the page may take of the time, and what its pictures may. */
const share = { page: 0.008, pictures: 0.008 };
/** Milliseconds that the first pictures are taken to need. */
const firstPictures = 1000;
/** Milliseconds after which reports of training are reason enough. */
const patience = 60_000;

/** The report of a run that begins to train, or goes on. */
export function interimReport(training: Training, host: Host): Interim {
  const { run, title, model, seed, backend, command } = training;
  const began = performance.now();
  const pages = timeShare(share.page);
  const pictures = timeShare(share.pictures, firstPictures);
  let drawings: Drawings = { images: [] };
  let written = 0;
  let said = false;
  let undrawable = false;

  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      // Once is enough: a full disk stays full for a while.
      if (!said) host.note(`Warning: the report is not up to date. ${messageOf(error)}`);
      said = true;
      return false;
    }
  };

  const write = async (
    say: (at: { readonly step: number; readonly seconds: number }) => string,
    rest: Pick<ReportNotes, 'stage' | 'warnings'>,
  ): Promise<void> => {
    const { step, params } = training.state();
    const metrics = await readMetrics(run.dir);
    const seconds = Math.max(trainingSeconds(metrics), (performance.now() - began) / 1000);
    const notes: ReportNotes = {
      title,
      status: say({ step, seconds }),
      command,
      headline: costsHeadline(model, latest(metrics)),
      ...drawings,
      ...rest,
      diagnostics: [],
      provenance: provenanceOf({ seed, steps: step, seconds, params, backend }),
    };
    await writeReport(run, notes, metrics);
    written = performance.now();
  };

  const refresh = (): Promise<boolean> =>
    attempt(() =>
      pages.spend(() =>
        write(
          ({ step }) =>
            `training: step ${step} of ${training.steps} when this was written, ${new Date().toISOString().slice(0, 19).replace('T', ' ')} UTC`,
          { stage: 'training', warnings: [] },
        ),
      ),
    );

  const redraw = async (): Promise<void> => {
    if (undrawable || !pictures.free()) return;
    const state = training.state();
    const drawn = await attempt(() =>
      pictures.spend(async () => {
        drawings = await draw({ ...training, params: bestParams(state), step: state.step });
      }),
    );
    undrawable = !drawn;
  };

  return {
    begin: async () => {
      // Of a run that goes on, the pictures that are there: their captions say of which step.
      const before = await readNotes(run).catch(() => undefined);
      if (before) drawings = { images: before.images, rows: before.rows, latent: before.latent };
      await refresh();
    },
    update: async ({ split }) => {
      if (!pages.free()) return;
      if (split !== 'validation' && performance.now() - written < patience) return;
      await redraw();
      await refresh();
    },
    fail: async (error) => {
      await attempt(async () => {
        const warnings = [`${whatFailed(error)} ${await whatIsLeft(run, training.state().step)}`];
        await write(
          ({ step, seconds }) =>
            `failed: an error ended it at step ${step} of ${training.steps}, after ${formatDuration(seconds)}`,
          { stage: 'failed', warnings },
        );
        host.note(`The report shows the run up to that point: ${join(run.dir, 'report.html')}`);
      });
    },
  };
}

/** The newest figures: of validation, where there are any. */
function latest(metrics: readonly MetricsLine[]): MetricsLine | undefined {
  return metrics.findLast(({ split }) => split === 'validation') ?? metrics.at(-1);
}

function whatFailed(error: unknown): string {
  if (error instanceof ElboError) return error.message;
  const kind = error instanceof Error ? `${error.name}: ` : '';
  return `An unexpected error ended the run. ${kind}${messageOf(error)}`;
}

/** Up to where the curves go, and from where the run can go on. */
async function whatIsLeft(run: RunDirectory, step: number): Promise<string> {
  const last = (await readMetrics(run.dir)).at(-1);
  const checkpoint = checkpointNames(await run.checkpoints.list()).at(-1);
  return [
    // Metrics of several steps are read together: what was found may have happened before.
    `The run was at step ${step} when this was noticed.`,
    last
      ? `The curves end at step ${last.step}, with the last metrics that were recorded.`
      : 'No metrics were recorded before.',
    checkpoint === undefined
      ? 'No checkpoint was written.'
      : `The newest checkpoint is checkpoints/${checkpoint}.`,
  ].join(' ');
}
