import type { Diagnosis } from '@elbo/evaluation';
import type { Model } from '@elbo/objectives';
import { formatValue, type Headline, type MetricsLine } from '@elbo/runs';

/** What is known of log p(x), and of which rows. */
export interface Likelihood {
  readonly diagnosis: Diagnosis;
  /** The first ones of the test set. */
  readonly rows: number;
  /** Importance samples for each. */
  readonly samples: number;
}

/** The figures of a model's costs that are read first. */
export function costsHeadline(
  { terms }: Model,
  figures: MetricsLine | undefined,
  rows?: number,
): readonly Headline[] {
  if (!figures) return [];
  const where = rows === undefined ? figures.split : rowsOf(rows, figures.split);
  const note = `${where}, step ${figures.step}`;
  const of = (name: string, label: string, unit?: string): readonly Headline[] => {
    const value = Object.hasOwn(figures, name) ? figures[name] : undefined;
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
  ];
}

/** The log-likelihood beside them, with the ELBO of the rows that it is of, which are seldom all. */
export function likelihoodHeadline({ diagnosis, rows, samples }: Likelihood): Headline {
  const { elbo, logLikelihood } = diagnosis;
  return {
    label: 'log p(x)',
    value: logLikelihood,
    unit: 'nats',
    note: `importance sampling, ${samples} samples, the first ${rowsOf(rows, 'test')}; their ELBO is ${formatValue(elbo)}`,
  };
}

/** `100 test rows`. */
export function rowsOf(rows: number, split: string): string {
  return `${formatValue(rows)} ${split} ${rows === 1 ? 'row' : 'rows'}`;
}
