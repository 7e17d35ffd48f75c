import { codes, factors, probe } from './texts/codes.js';
import { diagnosis } from './texts/diagnosis.js';
import { ais, bdmc, costs, elbo, nll } from './texts/likelihood.js';
import { nats, type FigureTexts, type MetricTexts } from './texts/metric_texts.js';
import { ood } from './texts/ood.js';
import { collapse, samples } from './texts/samples.js';

/** What is measured by name, in plain words; a metric or figure that is not here is called by its name. */
export const metricTexts: Readonly<Record<string, MetricTexts>> = {
  costs,
  elbo,
  nll,
  ais,
  bdmc,
  diagnosis,
  codes,
  probe,
  factors,
  collapse,
  samples,
  ood,
};

/** What is said of a critic, by the last part of a figure's name: `kl/accuracy`. */
const critics: Readonly<Record<string, FigureTexts>> = {
  accuracy: { label: 'accuracy of its critic', note: '½ is guessing; near 1 it is saturated.' },
  calibration: {
    label: 'calibration error of its critic',
    note: 'The mean distance between the probability that it gives and the truth.',
  },
  loss: { ...nats, label: 'loss of its critic' },
};

/** The words of a figure of a metric; its name where there are none. */
export function figureTexts(metric: string, figure: string): FigureTexts {
  const known = (Object.hasOwn(metricTexts, metric) ? metricTexts[metric] : undefined)?.figures;
  if (known && Object.hasOwn(known, figure)) return known[figure]!;
  const [term, part = ''] = figure.split('/');
  if (!Object.hasOwn(critics, part)) return { label: figure };
  return { ...critics[part]!, label: `${term!}: ${critics[part]!.label}` };
}
