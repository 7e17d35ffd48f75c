import type { Diagnosis } from '@elbo/evaluation';
import { estimatorsOf, type Model } from '@elbo/objectives';
import { formatValue, type Headline, type MetricsLine } from '@elbo/report';

/** What is known of log p(x), and of which rows. */
export interface Likelihood {
  readonly diagnosis: Pick<Diagnosis, 'elbo' | 'logLikelihood'>;
  /** The first ones of the test set. */
  readonly rows: number;
  /** Importance samples for each. */
  readonly samples: number;
}

/** What a cost and an accuracy tell of a game between two networks. */
const asAGame = 'how the game stands, not how good the model is';

/** The figures of a model's costs that are read first. */
export function costsHeadline(
  model: Pick<Model, 'terms'>,
  figures: MetricsLine | undefined,
  rows?: number,
): readonly Headline[] {
  if (!figures) return [];
  const where = rows === undefined ? figures.split : rowsOf(rows, figures.split);
  const note = `${where}, step ${figures.step}`;
  const of = (name: string, label: string, more: Partial<Headline> = {}): readonly Headline[] => {
    const value = Object.hasOwn(figures, name) ? figures[name] : undefined;
    return typeof value === 'number' ? [{ label, value, note, ...more }] : [];
  };
  const nats = { unit: 'nats' };
  return [
    ...of('elbo', 'ELBO', nats),
    ...of('reconstruction', 'Reconstruction', nats),
    ...of('kl', 'KL', nats),
    ...model.terms.flatMap(({ name, role, adversary }) =>
      role === 'regulariser'
        ? [
            // No unit says how such a figure is to be read.
            ...of(name, name, {
              note: `${note}; ${estimatorsOf(model, name).length > 0 ? asAGame : 'lower is better'}`,
            }),
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
    note: `importance sampling, ${formatValue(samples)} samples, the first ${rowsOf(rows, 'test')}; their ELBO is ${formatValue(elbo)}`,
  };
}

/** `100 test rows`. */
export function rowsOf(rows: number, split: string): string {
  return `${formatValue(rows)} ${split} ${rows === 1 ? 'row' : 'rows'}`;
}
