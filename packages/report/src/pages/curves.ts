import type { MetricsLine } from '../metrics_line.js';

/** One metric's curves, a value for each step and split; `null` where there is none. */
interface Chart {
  readonly metric: string;
  readonly title: string;
  readonly note: string;
  readonly steps: readonly number[];
  readonly series: readonly {
    readonly split: string;
    readonly values: readonly (number | null)[];
  }[];
}

/** Charts that belong together. */
export interface ChartGroup {
  readonly title: string;
  readonly charts: readonly Chart[];
}

interface Meaning {
  readonly title: string;
  readonly note: string;
}

const inAGame = 'how the game stands, not how good the model is';

// By a metric's name, or the last part of it: a term's own metrics are `term/metric`.
const meanings: ReadonlyMap<string, Meaning> = new Map(
  Object.entries({
    elbo: { title: 'ELBO', note: 'nats per datum; higher is better' },
    reconstruction: {
      title: 'Reconstruction',
      note: '−E log p(x|z), nats per datum; lower is better',
    },
    kl: { title: 'KL(q(z|x) ‖ p(z))', note: 'nats per datum, as its term estimates it' },
    cost: { title: 'Cost of reconstructions', note: 'per datum; lower is better' },
    mmd: {
      title: 'MMD²',
      note: 'of codes from the prior; lower is better, and 0 is met from both sides',
    },
    'adversarial-x': { title: 'Cost of the decoder in its game', note: inAGame },
    'adversarial-z': { title: 'Cost of the encoder in its game', note: inAGame },
    'adversarial-pair': { title: 'Cost of encoder and decoder in their game', note: inAGame },
    accuracy: {
      title: 'Accuracy',
      note: 'of telling two kinds of samples apart; 0.5 is guessing',
    },
    calibration: {
      title: 'Calibration error',
      note: 'stated less observed probability; 0 is calibrated',
    },
    loss: { title: 'Loss', note: 'of the adversary' },
    gap: { title: 'Gap', note: 'mean score of real samples less that of made ones' },
    primal: {
      title: 'Gradient norm',
      note: 'of the model without its adversaries, before clipping',
    },
    dual: { title: 'Gradient norm of adversaries', note: 'before clipping' },
    rate: { title: 'Speed', note: 'steps per second' },
  }),
);

function meaningOf(metric: string): Meaning {
  const parts = metric.split('/');
  const name = parts.pop()!;
  // A name of one's own is shown as it is written.
  const { title, note } = meanings.get(name) ?? { title: name, note: '' };
  const of = parts.filter((part) => part !== 'gradient');
  return { title: of.length > 0 ? `${title} (${of.join(' ')})` : title, note };
}

const first = ['elbo', 'reconstruction', 'kl'];

function rank(metric: string): number {
  const place = first.indexOf(metric);
  return place < 0 ? first.length : place;
}

function groupOf(metric: string): string {
  if (/^rate$|gradient|norm|learning/i.test(metric)) return 'Optimisation';
  return metric.includes('/') ? 'Adversary' : 'Objective';
}

// Six digits are more than a screen shows, and a long run's report stays small.
const rounded = (value: number): number => Number(value.toPrecision(6));

function chartOf(metric: string, lines: readonly MetricsLine[]): Chart {
  const values = new Map<string, Map<number, number>>();
  for (const line of lines) {
    const value = Object.hasOwn(line, metric) ? line[metric] : undefined;
    if (typeof value !== 'number' || !Number.isFinite(value)) continue;
    const split = values.get(line.split) ?? new Map<number, number>();
    values.set(line.split, split.set(line.step, rounded(value)));
  }
  const relevant = lines.filter((line) => Object.hasOwn(line, metric)).map(({ step }) => step);
  const steps = [...new Set(relevant)].sort((a, b) => a - b);
  return {
    metric,
    ...meaningOf(metric),
    steps,
    series: [...values]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([split, at]) => ({ split, values: steps.map((step) => at.get(step) ?? null) })),
  };
}

/** The charts of a run's metrics: a chart a metric, its splits together, the ELBO and its parts first. */
export function chartGroups(lines: readonly MetricsLine[]): readonly ChartGroup[] {
  const names = new Set(lines.flatMap((line) => Object.keys(line)));
  const charts = [...names]
    .filter((name) => name !== 'step' && name !== 'split')
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => chartOf(name, lines))
    .filter(({ series }) => series.length > 0);
  return ['Objective', 'Adversary', 'Optimisation']
    .map((title) => ({ title, charts: charts.filter(({ metric }) => groupOf(metric) === title) }))
    .filter(({ charts }) => charts.length > 0);
}
