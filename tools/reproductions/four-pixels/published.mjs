// The values to compare with: means over the four images, in nats; and the bounds that a rerun has to keep.

/** Mescheder, Nowozin & Geiger 2017, table 1. */
export const paper = {
  vae: { logLikelihood: -1.568, perPixel: 0.0885, elbo: -1.697, aggregate: 0.165 },
  avb: { logLikelihood: -1.403, perPixel: 0.00577, elbo: -1.421, aggregate: 0.026 },
};

/** An independent implementation in JAX; of AVB with this recipe, the means of seeds 0, 1 and 2. */
export const rerun = {
  'avb-adaptive': { logLikelihood: -1.4013, perPixel: 0.005, elbo: -1.425, aggregate: 0.0245 },
  vae: { logLikelihood: -1.569, perPixel: 0.0867, elbo: -1.699, aggregate: 0.146 },
  avb: { logLikelihood: -1.3961, perPixel: 0.0033, elbo: -1.4007, aggregate: 0.005, excess: 0.001 },
};

/** The highest log p(x) that any model reaches: −log 4. */
export const optimum = -Math.log(4);

const atLeast = (bound) => ({ text: `≥ ${minus(bound)}`, holds: (value) => value >= bound });
const atMost = (bound) => ({ text: `≤ ${minus(bound)}`, holds: (value) => value <= bound });
const within = (middle, by) => ({
  text: `${minus(middle)} ± ${by}`,
  holds: (value) => Math.abs(value - middle) <= by,
});
const minus = (value) => String(value).replace('-', '−');

/** What must hold for a measurement to count. */
const counts = { disagreement: atMost(0.002), violation: atMost(0.002) };

/** What the doctor must hold of each model: the true ELBO, by nearest neighbours, lies in its interval. */
export const covers = ({ doctor: { interval }, elbo }) =>
  interval[0] <= elbo && elbo <= interval[1];

/** What must hold of the mean over seeds, by model and quantity. */
export const required = {
  vae: { logLikelihood: within(-1.57, 0.01), ...counts },
  avb: {
    logLikelihood: atLeast(-1.4),
    perPixel: atMost(0.005),
    elbo: atLeast(-1.405),
    aggregate: atMost(0.012),
    excess: within(0, 0.005),
    ...counts,
  },
  'avb-adaptive': counts,
  'avb-anchored': counts,
};
