import type { SelectedBackend } from '@elbo/backends';
import { leaves, type Params } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { diagnose, type Collapse, type Diagnosis } from '@elbo/evaluation';
import { hasElbo, type Model, type ModelParams } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import {
  writeReport,
  type Headline,
  type MetricsLine,
  type ReportNotes,
  type RunDirectory,
} from '@elbo/runs';
import { validate, type Ending } from '@elbo/training';
import { collapseDiagnostics, diagnosticsOf, lookForCollapse } from './diagnostics.js';
import { formatDuration } from './format.js';
import { isImages, latentSvg, reconstructionsPng, samplesPng } from './pictures.js';
import { drawnFrom } from './row_form.js';
import { onRows } from './rows.js';
import { versions } from './versions.js';

/** A run that came to an end, and what its report says of it. */
export interface Finished {
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
export interface Outcome {
  readonly report: string;
  readonly headline: readonly Headline[];
  readonly warnings: readonly string[];
  /** Not made of an interrupted run, nor of a model without an encoder or an ELBO. */
  readonly diagnosis: Diagnosis | null;
  /** Not looked for in an interrupted run. */
  readonly collapse: Collapse | null;
}

/** Rows and samples of the diagnosis: a few seconds' worth. */
const diagnosed = { rows: 100, samples: 1000 };

/** Draws the pictures of a run, diagnoses it by rows that nothing was chosen by, and writes its report. */
export async function finish(finished: Finished): Promise<Outcome> {
  const { run, model, params, test, seed, metrics } = finished;
  const interrupted = finished.ended === 'aborted';
  const images: ReportNotes['images'][number][] = [];
  if (isImages(test.shape)) {
    const samples = await samplesPng(model, params, drawnFrom(test), {
      seed,
      count: 100,
      columns: 10,
    });
    await run.files.write('samples.png', samples);
    images.push({
      title: 'Samples',
      file: 'samples.png',
      caption: 'Means of p(x|z) at 100 draws of z from the prior.',
    });
    if (model.encoder) {
      const pairs = await reconstructionsPng(model, params, test, { seed, count: 40 });
      await run.files.write('reconstructions.png', pairs);
      images.push({
        title: 'Reconstructions',
        file: 'reconstructions.png',
        caption: 'Held-out rows above, the mean of p(x|z) at one draw of z from q(z|x) below each.',
      });
    }
  }
  const latent = model.encoder && model.prior.dim >= 2 ? 'latent.svg' : undefined;
  if (latent !== undefined) {
    const map = await latentSvg(model, params, test, { seed, count: 2000 });
    await run.files.write(latent, new TextEncoder().encode(map));
  }
  // An interrupted person waits for the prompt, not for a diagnosis.
  const collapse = interrupted ? null : await lookForCollapse({ ...finished, data: test });
  const diagnosis =
    model.encoder && hasElbo(model) && !interrupted ? await diagnosisOf(finished) : null;
  const figures = interrupted ? metrics.at(-1) : await figuresOf(finished);
  const rows = Math.min(diagnosed.rows, test.size);
  const headline = headlineOf(model, figures, diagnosis && { diagnosis, rows });
  const warnings = [
    ...(diagnosis?.warnings ?? []),
    ...(collapse?.signs.map(({ says }) => says) ?? []),
  ];
  const report = await writeReport(run, {
    title: finished.title,
    status: statusOf(finished),
    command: finished.command,
    headline,
    images,
    latent,
    warnings,
    diagnostics: [
      ...(diagnosis ? diagnosticsOf(diagnosis) : []),
      ...(collapse ? collapseDiagnostics(collapse) : []),
    ],
    provenance: {
      seed,
      steps: finished.step,
      seconds: finished.seconds,
      backend: `${finished.backend.name} ${finished.backend.version}`,
      versions: versions(),
      parameters: parametersOf(params),
    },
  });
  return { report, headline, warnings, diagnosis, collapse };
}

/** The seconds that the steps of a run took, by the rates in its metrics. */
export function trainingSeconds(metrics: readonly MetricsLine[]): number {
  let seconds = 0;
  let before = 0;
  for (const { step, split, rate } of metrics) {
    if (split !== 'training' || typeof rate !== 'number') continue;
    if (rate > 0) seconds += (step - before) / rate;
    before = step;
  }
  return seconds;
}

/** How many numbers each part has: encoder and decoder, and adversaries by the names of their terms. */
function parametersOf({ primal, dual }: ModelParams): Readonly<Record<string, number>> {
  const parts = Object.entries({ ...primal, ...dual } as Readonly<Record<string, Params>>);
  return Object.fromEntries(
    parts
      .map(([part, tree]) => [part, leaves(tree).reduce((sum, { size }) => sum + size, 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

function diagnosisOf({ model, params, test, seed }: Finished): Promise<Diagnosis> {
  const noise = fold(key(seed), 'diagnosis');
  return onRows(test, { count: diagnosed.rows, noise, model }, (batch) =>
    diagnose(model, params, batch, { key: noise, samples: diagnosed.samples }),
  );
}

function statusOf(finished: Finished): string {
  const { best } = finished;
  return best === undefined
    ? endOf(finished)
    : `${endOf(finished)}; shown as of its best step, ${best}`;
}

function endOf({ ended, step, steps, seconds }: Finished): string {
  const time = formatDuration(seconds);
  if (ended === 'aborted') return `interrupted at step ${step} of ${steps}, after ${time}`;
  if (ended === 'early') return `stopped early at step ${step} of ${steps}, after ${time}`;
  return `finished ${steps} steps in ${time}`;
}

/** The means of the model's costs over the first rows that it is tested on. */
async function figuresOf({
  model,
  params,
  test,
  rows = test.size,
  seed,
  best,
  step: last,
}: Finished): Promise<MetricsLine> {
  const step = best ?? last;
  return { step, split: 'test', ...(await validate(model, params, test, { rows, seed, step })) };
}

function headlineOf(
  { terms }: Model,
  figures: MetricsLine | undefined,
  judged: { readonly diagnosis: Diagnosis; readonly rows: number } | null,
): readonly Headline[] {
  const note = figures ? `${figures.split}, step ${figures.step}` : '';
  const of = (name: string, label: string, unit?: string): readonly Headline[] => {
    const value = figures?.[name];
    return typeof value === 'number'
      ? [{ label, value, ...(unit !== undefined && { unit }), note }]
      : [];
  };
  return [
    ...of('elbo', 'ELBO', 'nats'),
    ...of('reconstruction', 'Reconstruction', 'nats'),
    ...of('kl', 'KL', 'nats'),
    ...terms.flatMap(({ name, role, adversary }) =>
      role === 'regulariser'
        ? [
            ...of(name, name),
            // Of a discriminator it says how the game stands, and not how good the model is.
            ...(adversary ? [] : of(`${name}/accuracy`, `${name}, accuracy`)),
          ]
        : [],
    ),
    ...(judged
      ? [
          {
            label: 'log p(x)',
            value: judged.diagnosis.logLikelihood,
            unit: 'nats',
            note: `importance sampling, ${diagnosed.samples} samples, ${judged.rows} test ${judged.rows === 1 ? 'row' : 'rows'}`,
          },
        ]
      : []),
  ];
}
