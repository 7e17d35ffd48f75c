// How often intervals hold the truth.
import { setImmediate as macrotask } from 'node:timers/promises';
import { estimateOf, type Estimate } from '@elbo/evaluation';

/** An estimate, with its interval of 95 % where it states one. */
export interface WithInterval extends Estimate {
  readonly interval?: readonly [number, number];
}

/** Repeated estimates against the truth. */
export interface Coverage {
  readonly truth: number;
  readonly repetitions: number;
  /** The mean error, and the standard error of that. */
  readonly bias: number;
  readonly biasError: number;
  /** The standard deviation of the estimates, and what they state of it. */
  readonly spread: number;
  readonly stated: number;
  /** The share of intervals of 95 % that hold the truth, and of lower ends below it. */
  readonly covered: number;
  readonly below: number;
}

/** What `estimate` finds, `repetitions` times. */
export async function repeated<T>(
  repetitions: number,
  signal: AbortSignal,
  estimate: (repetition: number) => T | Promise<T>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let i = 0; i < repetitions; i++) {
    await macrotask();
    signal.throwIfAborted();
    found.push(await estimate(i));
  }
  return found;
}

const intervalOf = ({ mean, error, interval }: WithInterval): readonly [number, number] =>
  interval ?? [mean - 1.96 * error, mean + 1.96 * error];

export function againstTruth(found: readonly WithInterval[], truth: number): Coverage {
  const off = estimateOf(found.map(({ mean }) => mean - truth));
  const share = (holds: (each: WithInterval) => boolean): number =>
    found.filter(holds).length / found.length;
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
export const binomialError = (share: number, count: number): number =>
  Math.sqrt((share * (1 - share)) / count);
