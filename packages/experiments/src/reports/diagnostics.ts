import type { Dataset } from '@elbo/datasets';
import { findCollapse, sayEstimate, type Collapse, type Diagnosis } from '@elbo/evaluation';
import type { Model, ModelParams } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { formatFigure, type Diagnostic } from '@elbo/report';
import { onRows } from '../use/rows.js';

/** What the diagnosis of an ELBO says. */
export function diagnosticsOf(diagnosis: Diagnosis): readonly Diagnostic[] {
  const { excess, reliability, effectiveSampleSize, verdict } = diagnosis;
  const shared: readonly Diagnostic[] = [
    {
      label: 'ELBO − log p(x)',
      value: formatFigure({ value: excess.mean, error: excess.error, unit: 'nats' }),
      note: 'A true ELBO is below the log-likelihood: this is at most 0. Importance sampling errs downwards too.',
    },
    {
      label: 'Effective importance samples',
      value: effectiveSampleSize,
      note: 'Of those drawn for each row, the median over rows. With a handful, log p(x) is underestimated.',
    },
  ];
  if (!reliability) return shared;
  return [
    {
      label: 'Verdict',
      value: verdict,
      note: 'Lagging: the ELBO is off by more than matters. Saturated: the discriminator sees no overlap. Unknown: this does not decide; `elbo evaluate RUN --metric diagnosis` may.',
    },
    {
      label: 'Discriminator accuracy, held out',
      value: reliability.accuracy,
      note: 'Posterior against prior: 0.5 is chance, 1 is saturated.',
    },
    {
      label: 'Discriminator calibration error',
      value: reliability.error,
      note: 'Mean distance of the probability it gives from the truth; 0 is calibrated.',
    },
    ...shared,
  ];
}

/** A model as it was trained, and held-out rows to look at it with. */
interface Looked {
  readonly model: Model;
  readonly params: ModelParams;
  readonly data: Dataset;
  readonly step: number;
  readonly seed: number;
  /** How many rows; `lookedAt` by default. */
  readonly rows?: number | undefined;
}

/** Rows that collapse is looked for in, by default: some seconds' worth. */
export const lookedAt = 500;

/** Searches for collapse in the first rows of a set. */
export function lookForCollapse({
  model,
  params,
  data,
  step,
  seed,
  rows = lookedAt,
}: Looked): Promise<Collapse> {
  const noise = fold(key(seed), 'collapse');
  return onRows(data, { count: rows, noise, model }, (batch) =>
    findCollapse(model, params, batch, { key: noise, step }),
  );
}

/** What stands for a part of the search that could not be made. */
const unestimated = {
  accuracies: 'Accuracy of the critics, held out',
  samples: 'Precision, recall, density and coverage',
  encoder: 'Gain of a row’s own code, active units',
} as const;

/** Four figures that say something together. */
const neighbourhoodTexts = [
  ['precision', 'Precision', 'The share of samples among rows of data (Kynkäänniemi et al. 2019).'],
  ['recall', 'Recall', 'The share of rows of data among samples (Kynkäänniemi et al. 2019).'],
  ['density', 'Density', 'As precision, less moved by outliers (Naeem et al. 2020).'],
  ['coverage', 'Coverage', 'The share of rows near which a sample lies (Naeem et al. 2020).'],
] as const;

/** What was measured in the search for collapse. */
export function collapseDiagnostics(
  { samples, accuracies, encoder, notEstimable }: Collapse,
  { prior }: Pick<Model, 'prior'>,
): readonly Diagnostic[] {
  const critics = Object.entries(accuracies).map(([name, accuracy]) => ({
    label: `Accuracy of the critic of ${name}, held out`,
    value: accuracy,
    note: 'How often it tells its two kinds of samples apart: 0.5 is chance, 1 is saturated.',
  }));
  const encoding = encoder && [
    {
      label: 'Gain of a row’s own code',
      value: formatFigure({
        value: encoder.ownCodeGain.mean,
        error: encoder.ownCodeGain.error,
        unit: 'nats',
      }),
      note: 'log p(x|z) at a row’s own code less that at another row’s: about 0 where the decoder ignores z. It is not an amount of information: a wrong code misleads, so it may be many times the KL.',
    },
    {
      label: 'Active units',
      value: `${encoder.activeUnits} of ${prior.dim}`,
      note: 'Coordinates of z whose posterior means vary over the data by more than 0.01 (Burda et al. 2015).',
    },
  ];
  const compared = samples && [
    ...neighbourhoodTexts.map(([name, label, note]) => ({
      label,
      value: `${sayEstimate(samples.figures[name])}; held-out data ${sayEstimate(samples.ofData[name])}`,
      note: `${note} Samples are ${samples.drawn}; ± is the standard deviation from set to set.`,
    })),
    {
      label: 'Diversity of means',
      value: samples.diversity,
      note: 'The mean squared distance of two means of p(x|z) over that of two rows of data: 0 where all are alike.',
    },
  ];
  const missing = Object.entries(notEstimable).map(([name, note]) => ({
    label: unestimated[name as keyof typeof notEstimable],
    value: 'not estimable',
    note,
  }));
  return [...critics, ...(encoding ?? []), ...(compared ?? []), ...missing];
}
