import { nats, type MetricTexts } from './metric_texts.js';

/** The words of the diagnosis of an adversary's ELBO. */
export const diagnosis: MetricTexts = {
  title: 'Whether the ELBO is true',
  options: ['samples', 'fitSteps'],
  perRow: 'refitElbo',
  figures: {
    verdict: {
      label: 'Verdict',
      note: 'Trustworthy: the reported ELBO is close enough to the true one. Lagging: it is not. Saturated: this is not known, and the discriminator sees no overlap. Unknown: the interval does not decide.',
    },
    tolerance: {
      ...nats,
      label: 'Errors matter from',
      note: '1 % of the KL from the prior to q(z|x), but at least 0.01 nat.',
    },
    deviationFrom: {
      ...nats,
      label: 'Reported ELBO above the true one, by at least',
      note: 'From all evidence that counts: fresh discriminators, log p(x), and bounds without discriminators; including the errors of draws and of rows, and what such discriminators miss.',
    },
    deviationTo: { ...nats, label: 'Reported ELBO above the true one, by at most' },
    intervalFrom: {
      ...nats,
      label: 'The true ELBO is at least',
      note: 'The mean over the held-out set, from all evidence that counts.',
    },
    intervalTo: { ...nats, label: 'The true ELBO is at most' },
    elbo: { ...nats, label: 'ELBO by the trained discriminator' },
    logLikelihood: { ...nats, label: 'log p(x), importance sampling' },
    excess: {
      ...nats,
      label: 'ELBO − log p(x)',
      error: 'excessError',
      note: 'At most 0 for a true ELBO. Importance sampling errs downwards too.',
    },
    effectiveSampleSize: { label: 'Effective samples, median over rows' },
    accuracy: {
      label: 'Accuracy of the trained discriminator',
      note: 'Posterior against prior: ½ is chance, 1 is saturated.',
    },
    calibrationError: {
      label: 'Its calibration error',
      note: 'The mean distance between the probability that it gives and the truth.',
    },
    refitElbo: {
      ...nats,
      label: 'ELBO by fresh discriminators',
      error: 'refitError',
      note: 'Fitted to the finished encoder, and judged on draws that they never saw.',
    },
    refitFrom: {
      ...nats,
      label: 'According to fresh discriminators, at least',
      note: 'For these rows. It allows for what such discriminators miss in cases where the truth is known.',
    },
    refitTo: {
      ...nats,
      label: 'According to fresh discriminators, at most',
      note: 'A bound that holds however bad they are.',
    },
    missed: { ...nats, label: 'What fresh discriminators may miss' },
    effectiveDraws: {
      label: 'Effective draws behind their bound',
      note: 'With fewer than 100 the bound does not count.',
    },
    disagreement: { ...nats, label: 'Their disagreement, root mean square' },
    gained: { ...nats, label: 'Gained in the second half of the steps' },
    probeSlopeNormal: {
      label: 'Slope of T over T*, for a normal',
      note: '1 is right; less means that the discriminator cannot follow.',
    },
    probeSlopeTwoBumps: { label: 'Slope of T over T*, for two bumps' },
    probeSlopeHalfNormal: { label: 'Slope of T over T*, for half a normal' },
    elboAtLeast: {
      ...nats,
      label: 'ELBO, lower bound without discriminators',
    },
    elboAtMost: { ...nats, label: 'ELBO, upper bound without discriminators' },
  },
};
