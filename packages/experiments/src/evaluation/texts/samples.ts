// The words of samples beside data.
import { nats, type MetricTexts } from './metric_texts.js';

/** Signs of collapse. */
export const collapse: MetricTexts = {
  title: 'Signs of collapse',
  options: [],
  figures: {
    signs: { label: 'Signs' },
    drawn: { label: 'Samples are' },
    precision: {
      label: 'Precision',
      error: 'precisionError',
      note: 'The share of samples that lie among rows of data.',
    },
    precisionOfData: { label: '… of held-out data', error: 'precisionOfDataError' },
    recall: {
      label: 'Recall',
      error: 'recallError',
      note: 'The share of rows that lie among samples.',
    },
    recallOfData: { label: '… of held-out data', error: 'recallOfDataError' },
    density: {
      label: 'Density',
      error: 'densityError',
      note: '1 is expected for the data’s own distribution.',
    },
    densityOfData: { label: '… of held-out data', error: 'densityOfDataError' },
    coverage: {
      label: 'Coverage',
      error: 'coverageError',
      note: 'The share of rows that have a sample nearby.',
    },
    coverageOfData: { label: '… of held-out data', error: 'coverageOfDataError' },
    diversity: {
      label: 'Diversity of means',
      note: '0 if means of p(x|z) are all alike; below 1, because means lack the noise of p(x|z).',
    },
    ownCodeGain: {
      ...nats,
      label: 'Gain of a row’s own code',
      error: 'ownCodeGainError',
      note: 'log p(x|z) at a row’s own code minus that at another row’s: 0 if z is ignored. It does not measure information: a wrong code misleads, so it may be many times the KL.',
    },
    activeUnits: { label: 'Active units', note: 'Coordinates of z that vary with x.' },
    // What stands for several figures that could not be estimated.
    accuracies: { label: 'Accuracy of the critics' },
    samples: { label: 'Precision, recall, density and coverage' },
    encoder: { label: 'Gain of a row’s own code, active units' },
  },
};

/** Distances, and copies. */
export const samples: MetricTexts = {
  title: 'Samples compared with data',
  options: [],
  figures: {
    drawn: { label: 'Samples are' },
    frechet: {
      label: 'Fréchet distance, squared',
      error: 'frechetError',
      note: 'Lower is better, down to the line below, not to 0. It compares features: only values from the same features and as many rows can be compared.',
    },
    frechetOfData: { label: '… of held-out data', error: 'frechetOfDataError' },
    kernel: {
      label: 'Kernel distance, squared',
      error: 'kernelError',
      note: 'Lower is better; it has no bias, so 0 within the error is as good as data.',
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
      note: 'The share of training rows that lie among samples: lost modes lower it.',
    },
    recallOfData: { label: '… of held-out data', error: 'recallOfDataError' },
    density: {
      label: 'Density',
      error: 'densityError',
      note: 'Like precision, but less sensitive to outliers; may exceed 1.',
    },
    densityOfData: { label: '… of held-out data', error: 'densityOfDataError' },
    coverage: {
      label: 'Coverage',
      error: 'coverageError',
      note: 'Like recall, but less sensitive to outliers: the share of training rows that have a sample nearby.',
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
      note: 'Between values of rows, not features. If it is much smaller than the line below, samples are copies.',
    },
    nearestOfData: { label: '… of held-out data', error: 'nearestOfDataError' },
    closer: {
      label: 'Nearer to training than to held-out rows',
      error: 'closerError',
      note: 'The share of samples: ½ for a model that generalises, 1 for one that copies.',
    },
    features: { label: 'Features' },
    quality: {
      label: 'Quality of the features',
      note: 'On held-out rows: the accuracy of the classifier, or the share of variance explained.',
    },
  },
};
