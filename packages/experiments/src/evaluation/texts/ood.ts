// The words of the detection of other data.
import type { FigureTexts, MetricTexts } from './metric_texts.js';

/** What is said of each anomaly score. */
function scoreWords(name: string, label: string): Readonly<Record<string, FigureTexts>> {
  return {
    [`${name}Auroc`]: {
      label: `${label}: AUROC`,
      error: `${name}AurocError`,
      note: 'The probability that a row of the other data has the higher score: ½ is chance.',
    },
    [`${name}Aupr`]: { label: `${label}: average precision`, note: '½ is chance.' },
    [`${name}Found`]: {
      label: `${label}: found`,
      note: 'The share of the other data above the conformal threshold.',
    },
    [`${name}FalseAlarms`]: {
      label: `${label}: false alarms`,
      note: 'The share of the model’s own held-out data above it.',
    },
  };
}

/** Scores, and what each finds. */
export const ood: MetricTexts = {
  title: 'Detecting other data',
  options: ['against', 'samples'],
  figures: {
    alpha: { label: 'Share of normal rows that may be called anomalous' },
    ...scoreWords('reconstruction', '−log p(x|z)'),
    ...scoreWords('elbo', '−ELBO'),
    ...scoreWords('likelihood', '−log p(x)'),
    ...scoreWords('complexity', '−log p(x) minus complexity'),
    ...scoreWords('typicality', 'Typicality of log p(x)'),
  },
};
