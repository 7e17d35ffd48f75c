// How often intervals hold the truth.
import { setImmediate as macrotask } from 'node:timers/promises';
import { estimateOf } from '@elbo/evaluation';

/** What `estimate` finds, `repetitions` times. */
export async function repeated(repetitions, signal, estimate) {
  const found = [];
  for (let i = 0; i < repetitions; i++) {
    await macrotask();
    signal.throwIfAborted();
    found.push(await estimate(i));
  }
  return found;
}

const intervalOf = ({ mean, error, interval }) =>
  interval ?? [mean - 1.96 * error, mean + 1.96 * error];

/**
 * Estimates `{ mean, error, interval? }` against the truth: their mean error, with the standard error of that; their
 * spread beside what they state; the share of intervals of 95 % that hold the truth, and of lower ends below it.
 */
export function againstTruth(found, truth) {
  const off = estimateOf(found.map(({ mean }) => mean - truth));
  const share = (holds) => found.filter(holds).length / found.length;
  const covered = share((each) => {
    const [low, high] = intervalOf(each);
    return low <= truth && truth <= high;
  });
  return {
    truth,
    repetitions: found.length,
    bias: off.mean,
    biasError: off.error,
    spread: off.error * Math.sqrt(found.length),
    stated: estimateOf(found.map(({ error }) => error)).mean,
    covered,
    below: share((each) => intervalOf(each)[0] <= truth),
  };
}

/** The standard error of a share of so many. */
export const binomialError = (share, count) => Math.sqrt((share * (1 - share)) / count);
