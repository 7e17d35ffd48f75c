// The words of what is measured of codes.
import { nats, type MetricTexts } from './metric_texts.js';

/** Information, and the aggregate posterior. */
export const codes: MetricTexts = {
  title: 'What codes tell about rows',
  options: [],
  figures: {
    kl: {
      ...nats,
      label: 'KL(q(z|x) ‖ p(z))',
      error: 'klError',
      note: 'The mean over rows.',
    },
    informationAtLeast: {
      ...nats,
      label: 'I(x; z), at least',
      error: 'informationAtLeastError',
      note: 'How much z tells about x. Never above the logarithm of the number of rows.',
    },
    informationAtMost: { ...nats, label: 'I(x; z), at most', error: 'informationAtMostError' },
    aggregateKlAtLeast: {
      ...nats,
      label: 'KL(q(z) ‖ p(z)), at least',
      error: 'aggregateKlAtLeastError',
      note: 'How far codes as a whole are from the prior that samples are drawn from.',
    },
    aggregateKlAtMost: {
      ...nats,
      label: 'KL(q(z) ‖ p(z)), at most',
      error: 'aggregateKlAtMostError',
    },
    aggregateKl: {
      ...nats,
      label: 'KL(q(z) ‖ p(z))',
      error: 'aggregateKlError',
      note: 'By nearest neighbours. How far codes as a whole are from the prior that samples are drawn from.',
    },
  },
};

/** Classes from codes. */
export const probe: MetricTexts = {
  title: 'Classes in codes',
  options: [],
  figures: {
    linearAccuracy: {
      label: 'Accuracy of a linear classifier',
      error: 'linearError',
      note: 'Trained on codes of training rows, tested on codes of held-out rows.',
    },
    nearestNeighboursAccuracy: {
      label: 'Accuracy of nearest neighbours',
      error: 'nearestNeighboursError',
    },
  },
};

/** Disentanglement. */
export const factors: MetricTexts = {
  title: 'Known factors in codes',
  options: [],
  figures: {
    mig: {
      label: 'Mutual information gap',
      note: 'MIG, 0 to 1: how far the best coordinate of z is ahead of the second, for each factor.',
    },
    sap: { label: 'Separated attribute predictability', note: 'SAP, 0 to 1.' },
    disentanglement: {
      label: 'Disentanglement',
      note: 'From DCI: whether each coordinate serves only one factor.',
    },
    completeness: {
      label: 'Completeness',
      note: 'From DCI: whether each factor needs only one coordinate.',
    },
    factorVae: { label: 'FactorVAE score', error: 'factorVaeError' },
    betaVae: { label: 'β-VAE score', error: 'betaVaeError' },
  },
};
