import type { MetricOptions } from './metric.js';

/** What a figure is, in plain words. */
export interface FigureTexts {
  readonly label: string;
  readonly unit?: string;
  /** The figure that holds its standard error. */
  readonly error?: string;
  readonly note?: string;
}

/** What a metric is, in plain words. */
export interface MetricTexts {
  readonly title: string;
  /** The options that it goes by, beside the rows and the seed. */
  readonly options: readonly (keyof MetricOptions)[];
  /** Which figure the values of rows are of. */
  readonly perRow?: string;
  readonly figures: Readonly<Record<string, FigureTexts>>;
}

const nats = { unit: 'nats' };
const whole = 'The mean over rows, summed over all values of a row.';

const samplingError: FigureTexts = {
  ...nats,
  label: 'Its standard error by sampling alone',
  note: 'What another seed would change, for these rows and this model; the error above is over rows.',
};

const costs: MetricTexts = {
  title: 'The model’s own costs',
  options: [],
  figures: {
    elbo: {
      ...nats,
      label: 'ELBO',
      error: 'elboError',
      note: 'Higher is better. A lower bound on log p(x), unless an adversary estimates a part of it.',
    },
    reconstruction: { ...nats, label: 'Reconstruction', note: `−E log p(x|z). ${whole}` },
    kl: { ...nats, label: 'KL', note: 'Of q(z|x) from the prior, as its term estimates it.' },
  },
};

/** What is said of each anomaly score. */
function scoreWords(name: string, label: string): Readonly<Record<string, FigureTexts>> {
  return {
    [`${name}Auroc`]: {
      label: `${label}: AUROC`,
      error: `${name}AurocError`,
      note: 'The probability that a row of the other data has the greater score: ½ is chance.',
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

/** What is said of a critic, by the last part of a figure's name: `kl/accuracy`. */
const critics: Readonly<Record<string, FigureTexts>> = {
  accuracy: { label: 'accuracy of its critic', note: '½ is guessing; near 1 it is saturated.' },
  calibration: {
    label: 'calibration error of its critic',
    note: 'The mean distance of the probability that it gives from the truth.',
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

/** What is measured by name, in plain words; a metric or figure that is not here is called by its name. */
export const metricTexts: Readonly<Record<string, MetricTexts>> = {
  costs,
  elbo: { ...costs, title: 'The model’s own bound', perRow: 'elbo' },
  nll: {
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
        note: 'How much too high it is expected to be by too few samples; blind to what the proposal never reaches. Unknown where a row has fewer than 100 effective samples.',
      },
      effectiveSampleSizeMedian: {
        label: 'Effective samples, median over rows',
        note: 'With only a handful, the figure above is a bound and not an estimate.',
      },
      effectiveSampleSizeLeast: { label: 'Effective samples, least of all rows' },
      poorRows: { label: 'Rows with fewer than 100 effective samples' },
    },
  },
  ais: {
    title: 'Log-likelihood by annealing',
    options: ['chains', 'temperatures'],
    perRow: 'logLikelihood',
    figures: {
      logLikelihood: {
        ...nats,
        label: 'log p(x)',
        error: 'standardError',
        note: `Higher is better. ${whole} In expectation a lower bound, and owes nothing to the encoder.`,
      },
      samplingError,
      effectiveChains: { label: 'Effective chains', note: 'With less than two it hangs on one.' },
      acceptance: { label: 'Acceptance of moves', note: 'About .65 is best.' },
    },
  },
  bdmc: {
    title: 'What annealing misses',
    options: ['chains', 'temperatures'],
    figures: {
      gap: {
        ...nats,
        label: 'Gap of the bounds',
        error: 'gapError',
        note: 'How far annealing with these options is off at most, on rows that the model made.',
      },
      lower: { ...nats, label: 'log p(x) from below' },
      upper: { ...nats, label: 'log p(x) from above' },
      acceptance: { label: 'Acceptance of moves', note: 'About .65 is best.' },
    },
  },
  diagnosis: {
    title: 'Whether the ELBO is true',
    options: ['samples', 'fitSteps'],
    perRow: 'refitElbo',
    figures: {
      verdict: {
        label: 'Verdict',
        note: 'Trustworthy: the reported ELBO is as near the true one as matters. Lagging: it is not. Saturated: it is not known to be, and the discriminator sees no overlap. Unknown: this does not decide.',
      },
      tolerance: {
        ...nats,
        label: 'What an error matters from',
        note: '1 % of the KL of q(z|x) from the prior, and 0.01 nat at least.',
      },
      deviationFrom: {
        ...nats,
        label: 'Reported ELBO above the true one, by at least',
        note: 'By all that counts: discriminators fitted afresh, log p(x), and bounds without discriminators; with the errors of draws, of rows and of what such discriminators miss.',
      },
      deviationTo: { ...nats, label: 'Reported ELBO above the true one, by at most' },
      intervalFrom: {
        ...nats,
        label: 'The true ELBO is at least',
        note: 'The mean of the held-out set, by all that counts.',
      },
      intervalTo: { ...nats, label: 'The true ELBO is at most' },
      elbo: { ...nats, label: 'ELBO by the trained discriminator' },
      logLikelihood: { ...nats, label: 'log p(x), importance sampling' },
      excess: {
        ...nats,
        label: 'ELBO − log p(x)',
        error: 'excessError',
        note: 'Of a true ELBO at most 0. Importance sampling errs downwards too.',
      },
      effectiveSampleSize: { label: 'Effective samples, median over rows' },
      accuracy: {
        label: 'Accuracy of the trained discriminator',
        note: 'Posterior against prior: ½ is chance, 1 is saturated.',
      },
      calibrationError: {
        label: 'Its calibration error',
        note: 'The mean distance of the probability it gives from the truth.',
      },
      refitElbo: {
        ...nats,
        label: 'ELBO by fresh discriminators',
        error: 'refitError',
        note: 'Fitted to the finished encoder, and judged at draws that they never saw.',
      },
      refitFrom: {
        ...nats,
        label: 'By fresh discriminators it is at least',
        note: 'Of these rows. It allows for what such discriminators miss where the truth is known.',
      },
      refitTo: {
        ...nats,
        label: 'By fresh discriminators it is at most',
        note: 'A bound that holds however bad they are.',
      },
      missed: { ...nats, label: 'What fresh discriminators may miss' },
      effectiveDraws: {
        label: 'Effective draws that their bound rests on',
        note: 'With less than 100 they are not counted.',
      },
      disagreement: { ...nats, label: 'Their disagreement, root mean square' },
      gained: { ...nats, label: 'Found in the second half of the steps' },
      probeSlopeNormal: {
        label: 'Slope of T over T*, of a normal',
        note: '1 is right; less is a discriminator that cannot follow.',
      },
      probeSlopeTwoBumps: { label: 'Slope of T over T*, of two bumps' },
      probeSlopeHalfNormal: { label: 'Slope of T over T*, of half a normal' },
      elboAtLeast: {
        ...nats,
        label: 'ELBO, bound from below without discriminators',
      },
      elboAtMost: { ...nats, label: 'ELBO, bound from above without discriminators' },
    },
  },
  codes: {
    title: 'What codes say of rows',
    options: [],
    figures: {
      kl: {
        ...nats,
        label: 'KL of q(z|x) from p(z)',
        error: 'klError',
        note: 'The mean over rows.',
      },
      informationAtLeast: {
        ...nats,
        label: 'I(x; z), at least',
        error: 'informationAtLeastError',
        note: 'What z says of x. Never above the logarithm of the number of rows.',
      },
      informationAtMost: { ...nats, label: 'I(x; z), at most', error: 'informationAtMostError' },
      aggregateKlAtLeast: {
        ...nats,
        label: 'KL of q(z) from p(z), at least',
        error: 'aggregateKlAtLeastError',
        note: 'How far codes as a whole are from the prior that samples are drawn from.',
      },
      aggregateKlAtMost: {
        ...nats,
        label: 'KL of q(z) from p(z), at most',
        error: 'aggregateKlAtMostError',
      },
      aggregateKl: {
        ...nats,
        label: 'KL of q(z) from p(z)',
        error: 'aggregateKlError',
        note: 'By nearest neighbours. How far codes as a whole are from the prior that samples are drawn from.',
      },
    },
  },
  probe: {
    title: 'Classes in codes',
    options: [],
    figures: {
      linearAccuracy: {
        label: 'Accuracy of a linear classifier',
        error: 'linearError',
        note: 'Of codes of held-out rows, trained on those of training rows.',
      },
      nearestNeighboursAccuracy: {
        label: 'Accuracy of nearest neighbours',
        error: 'nearestNeighboursError',
      },
    },
  },
  factors: {
    title: 'What rows were made from, in codes',
    options: [],
    figures: {
      mig: {
        label: 'Mutual information gap',
        note: 'MIG, 0 to 1: how far the best coordinate of z is ahead of the second, for each factor.',
      },
      sap: { label: 'Separated attribute predictability', note: 'SAP, 0 to 1.' },
      disentanglement: {
        label: 'Disentanglement',
        note: 'Of DCI: whether each coordinate serves one factor.',
      },
      completeness: { label: 'Completeness', note: 'Of DCI: whether each factor needs one.' },
      factorVae: { label: 'FactorVAE score', error: 'factorVaeError' },
      betaVae: { label: 'β-VAE score', error: 'betaVaeError' },
    },
  },
  collapse: {
    title: 'Signs of collapse',
    options: [],
    figures: {
      signs: { label: 'Signs' },
      drawn: { label: 'Samples are' },
      precision: {
        label: 'Precision',
        error: 'precisionError',
        note: 'The share of samples among rows of data.',
      },
      precisionOfData: { label: '… of held-out data', error: 'precisionOfDataError' },
      recall: {
        label: 'Recall',
        error: 'recallError',
        note: 'The share of rows among samples.',
      },
      recallOfData: { label: '… of held-out data', error: 'recallOfDataError' },
      density: {
        label: 'Density',
        error: 'densityError',
        note: '1 is expected of the data’s own distribution.',
      },
      densityOfData: { label: '… of held-out data', error: 'densityOfDataError' },
      coverage: {
        label: 'Coverage',
        error: 'coverageError',
        note: 'The share of rows near which a sample lies.',
      },
      coverageOfData: { label: '… of held-out data', error: 'coverageOfDataError' },
      diversity: {
        label: 'Diversity of means',
        note: '0 where means of p(x|z) are all alike; below 1 by the noise of p(x|z).',
      },
      ownCodeGain: {
        ...nats,
        label: 'Gain of a row’s own code',
        error: 'ownCodeGainError',
        note: 'log p(x|z) at a row’s own code less that at another row’s: 0 where z is ignored. No amount of information: a wrong code misleads, so that it may be many times the KL.',
      },
      activeUnits: { label: 'Active units', note: 'Coordinates of z that vary with x.' },
      // What stands for several figures that could not be estimated.
      accuracies: { label: 'Accuracy of the critics' },
      samples: { label: 'Precision, recall, density and coverage' },
      encoder: { label: 'Gain of a row’s own code, active units' },
    },
  },
  samples: {
    title: 'Samples against data',
    options: [],
    figures: {
      drawn: { label: 'Samples are' },
      frechet: {
        label: 'Fréchet distance, squared',
        error: 'frechetError',
        note: 'Lower is better, down to the line below and not to 0. Of features; compare values of the same features and as many rows only.',
      },
      frechetOfData: { label: '… of held-out data', error: 'frechetOfDataError' },
      kernel: {
        label: 'Kernel distance, squared',
        error: 'kernelError',
        note: 'Lower is better; without bias, so that 0 within the error is as good as data.',
      },
      kernelOfData: { label: '… of held-out data', error: 'kernelOfDataError' },
      precision: {
        label: 'Precision',
        error: 'precisionError',
        note: 'The share of samples that lie among training rows: bad samples lower it.',
      },
      precisionOfData: { label: '… of held-out data', error: 'precisionOfDataError' },
      recall: {
        label: 'Recall',
        error: 'recallError',
        note: 'The share of training rows that lie among samples: what is left out lowers it.',
      },
      recallOfData: { label: '… of held-out data', error: 'recallOfDataError' },
      density: {
        label: 'Density',
        error: 'densityError',
        note: 'As precision, less moved by outliers; may exceed 1.',
      },
      densityOfData: { label: '… of held-out data', error: 'densityOfDataError' },
      coverage: {
        label: 'Coverage',
        error: 'coverageError',
        note: 'As recall, less moved by outliers: the share of training rows near which a sample lies.',
      },
      coverageOfData: { label: '… of held-out data', error: 'coverageOfDataError' },
      diversity: {
        label: 'Diversity',
        error: 'diversityError',
        note: 'The mean squared distance between two samples, as a share of that between two training rows.',
      },
      diversityOfData: { label: '… of held-out data', error: 'diversityOfDataError' },
      nearest: {
        label: 'Distance to the nearest training row',
        error: 'nearestError',
        note: 'Between values of rows, not features. Much below the line below: copies.',
      },
      nearestOfData: { label: '… of held-out data', error: 'nearestOfDataError' },
      closer: {
        label: 'Nearer to training than to held-out rows',
        error: 'closerError',
        note: 'The share of samples; ½ of a model that generalises, 1 of one that copies.',
      },
      features: { label: 'Features' },
      quality: {
        label: 'How well these were learned',
        note: 'On held-out rows: the accuracy of the classifier, or the share of variance explained.',
      },
    },
  },
  ood: {
    title: 'Telling other data from these',
    options: ['against', 'samples'],
    figures: {
      alpha: { label: 'Share of normal rows that may be called anomalies' },
      ...scoreWords('reconstruction', '−log p(x|z)'),
      ...scoreWords('elbo', '−ELBO'),
      ...scoreWords('likelihood', '−log p(x)'),
      ...scoreWords('complexity', '−log p(x) less complexity'),
      ...scoreWords('typicality', 'Typicality of log p(x)'),
    },
  },
};
