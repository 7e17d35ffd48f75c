// The words of costs, bounds and likelihoods.
import { nats, samplingError, whole, type MetricTexts } from './metric_texts.js';

/** Costs of terms, of any model. */
export const costs: MetricTexts = {
  title: 'The model’s own costs',
  options: [],
  figures: {
    elbo: {
      ...nats,
      label: 'ELBO',
      error: 'elboError',
      note: 'Higher is better. A lower bound on log p(x), unless an adversary estimates part of it.',
    },
    reconstruction: { ...nats, label: 'Reconstruction', note: `−E log p(x|z). ${whole}` },
    kl: { ...nats, label: 'KL', note: 'From the prior to q(z|x), as its term estimates it.' },
  },
};

/** The same of a model whose costs are a bound. */
export const elbo: MetricTexts = { ...costs, title: 'The model’s own bound', perRow: 'elbo' };

/** Importance sampling. */
export const nll: MetricTexts = {
  title: 'Log-likelihood by importance sampling',
  options: ['samples'],
  perRow: 'nll',
  figures: {
    nll: {
      ...nats,
      label: '−log p(x)',
      error: 'standardError',
      note: `Lower is better. ${whole} In expectation an upper bound.`,
    },
    samplingError,
    bias: {
      ...nats,
      label: 'Expected excess',
      note: 'How much too high it is expected to be because of too few samples; it cannot see what the proposal never reaches. Unknown if a row has fewer than 100 effective samples.',
    },
    effectiveSampleSizeMedian: {
      label: 'Effective samples, median over rows',
      note: 'With only a handful, the figure above is a bound, not an estimate.',
    },
    effectiveSampleSizeLeast: { label: 'Effective samples, in the worst row' },
    poorRows: { label: 'Rows with fewer than 100 effective samples' },
  },
};

/** Annealed importance sampling. */
export const ais: MetricTexts = {
  title: 'Log-likelihood by annealing',
  options: ['chains', 'temperatures'],
  perRow: 'logLikelihood',
  figures: {
    logLikelihood: {
      ...nats,
      label: 'log p(x)',
      error: 'standardError',
      note: `Higher is better. ${whole} In expectation a lower bound, and independent of the encoder.`,
    },
    samplingError,
    effectiveChains: {
      label: 'Effective chains',
      note: 'With fewer than two it depends on a single chain.',
    },
    acceptance: { label: 'Acceptance of moves', note: 'About .65 is best.' },
  },
};

/** Bidirectional Monte Carlo. */
export const bdmc: MetricTexts = {
  title: 'What annealing misses',
  options: ['chains', 'temperatures'],
  figures: {
    gap: {
      ...nats,
      label: 'Gap between the bounds',
      error: 'gapError',
      note: 'On rows that the model made, annealing with these options is off by at most this much.',
    },
    lower: { ...nats, label: 'log p(x) from below' },
    upper: { ...nats, label: 'log p(x) from above' },
    acceptance: { label: 'Acceptance of moves', note: 'About .65 is best.' },
  },
};
