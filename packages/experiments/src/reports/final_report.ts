import type { SelectedBackend } from '@elbo/backends';
import type { Dataset } from '@elbo/datasets';
import { diagnose, type Collapse, type Diagnosis } from '@elbo/evaluation';
import { hasElbo, type Model, type ModelParams } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import {
  formatDuration,
  type Diagnostic,
  type Headline,
  type MetricsLine,
  type ReportNotes,
} from '@elbo/report';
import { writeReport, type RunDirectory } from '@elbo/runs';
import { validate, type Ending } from '@elbo/training';
import { onRows } from '../use/rows.js';
import { collapseDiagnostics, diagnosticsOf, lookedAt, lookForCollapse } from './diagnostics.js';
import { draw } from './drawings.js';
import { diagnosedRows } from './diagnosed_rows.js';
import { costsHeadline, likelihoodHeadline, rowsOf } from './headline.js';
import { provenanceOf } from './provenance.js';

/** A run that came to an end, and what its report says of it. */
export interface EndedTraining {
  readonly run: RunDirectory;
  readonly title: string;
  readonly model: Model;
  readonly params: ModelParams;
  /** What the report's figures and pictures are of. */
  readonly test: Dataset;
  /** Rows that the figures of its costs are means over; all by default. */
  readonly rows?: number | undefined;
  readonly backend: SelectedBackend;
  readonly seed: number;
  readonly step: number;
  /** The best step, where it is shown in place of the last. */
  readonly best?: number;
  readonly steps: number;
  /** Of training, before an interruption too. */
  readonly seconds: number;
  readonly ended: Ending;
  readonly metrics: readonly MetricsLine[];
  readonly command: string;
}

/** What the report found, for the last lines of the command. */
export interface FinalReport {
  readonly report: string;
  readonly headline: readonly Headline[];
  readonly warnings: readonly string[];
  /** Not made of an interrupted run, nor of a model without an encoder or an ELBO. */
  readonly diagnosis: Diagnosis | null;
  /** Not looked for in an interrupted run. */
  readonly collapse: Collapse | null;
}

/** Importance samples of the diagnosis, for each row. */
const samples = 1000;

/** Draws the pictures of a run, diagnoses it by rows that nothing was chosen by, and writes its report. */
export async function reportEnd(training: EndedTraining): Promise<FinalReport> {
  const { run, model, test } = training;
  const interrupted = training.ended === 'aborted';
  const drawings = await draw({ ...training, step: training.best ?? training.step });
  // An interrupted person waits for the prompt, not for a diagnosis.
  const collapse = interrupted ? null : await lookForCollapse({ ...training, data: test });
  const diagnosis =
    model.encoder && hasElbo(model) && !interrupted ? await diagnosisOf(training) : null;
  const rows = diagnosedRows(test);
  const headline = [
    ...(interrupted
      ? costsHeadline(model, lastFigures(training))
      : costsHeadline(model, await figuresOf(training), measuredRows(training))),
    ...(diagnosis ? [likelihoodHeadline({ diagnosis, rows, samples })] : []),
  ];
  const warnings = [
    ...(diagnosis?.warnings ?? []),
    ...(collapse?.signs.map(({ says }) => says) ?? []),
  ];
  const notes: ReportNotes = {
    title: training.title,
    status: statusOf(training),
    command: training.command,
    headline,
    ...drawings,
    warnings,
    diagnostics: [
      ...(diagnosis ? ofRows(diagnosticsOf(diagnosis), rows) : []),
      ...(collapse
        ? ofRows(collapseDiagnostics(collapse, model), Math.min(lookedAt, test.size))
        : []),
    ],
    provenance: provenanceOf({ ...training, steps: training.step }),
  };
  const report = await writeReport(run, notes, training.metrics);
  return { report, headline, warnings, diagnosis, collapse };
}

function diagnosisOf({ model, params, test, seed }: EndedTraining): Promise<Diagnosis> {
  const noise = fold(key(seed), 'diagnosis');
  return onRows(test, { count: diagnosedRows(test), noise, model }, (batch) =>
    diagnose(model, params, batch, {
      key: noise,
      samples,
      setSize: test.size,
    }),
  );
}

function statusOf(training: EndedTraining): string {
  const { best } = training;
  return best === undefined
    ? endOf(training)
    : `${endOf(training)}; shown as of its best step, ${best}`;
}

function endOf({ ended, step, steps, seconds }: EndedTraining): string {
  const time = formatDuration(seconds);
  if (ended === 'aborted') return `interrupted at step ${step} of ${steps}, after ${time}`;
  if (ended === 'early') return `stopped early at step ${step} of ${steps}, after ${time}`;
  return `finished ${steps} steps in ${time}`;
}

/** Which rows each measurement is of: they are seldom those of another. */
function ofRows(diagnostics: readonly Diagnostic[], rows: number): readonly Diagnostic[] {
  const of = `Of the first ${rowsOf(rows, 'test')}.`;
  return diagnostics.map((each) => ({ ...each, note: `${each.note} ${of}` }));
}

/** The newest figures of a run that was interrupted; those of the best step, where that is shown. */
function lastFigures({ metrics, best }: EndedTraining): MetricsLine | undefined {
  const ofBest = metrics.findLast(({ step, split }) => step === best && split === 'validation');
  return ofBest ?? metrics.at(-1);
}

const measuredRows = ({ test, rows = test.size }: EndedTraining): number =>
  Math.min(rows, test.size);

/** The means of the model's costs over the first rows that it is tested on. */
async function figuresOf(training: EndedTraining): Promise<MetricsLine> {
  const { model, params, test, seed, best, step: last } = training;
  const step = best ?? last;
  const rows = measuredRows(training);
  return { step, split: 'test', ...(await validate(model, params, test, { rows, seed, step })) };
}
