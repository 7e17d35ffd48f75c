// Numbers as pages show them.
import type { Estimate } from '@elbo/evaluation';

/** A number to so many digits, with a true minus sign, and none where they are all 0. */
export const figure = (value: number, digits: number): string =>
  value
    .toFixed(digits)
    .replace(/^-(?=.*[1-9])/, '−')
    .replace(/^-/, '');

export const withError = ({ mean, error }: Estimate, digits = 3): string =>
  `${figure(mean, digits)} ± ${figure(error, digits)}`;

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

export const verdict = (holds: boolean): string => (holds ? 'holds' : '**missed**');

/** A bound of log p(x), marked where it is above that: then it is none. */
export const asBound = (bound: number, logLikelihood: number, shown: string): string =>
  bound > logLikelihood ? `${shown}, **above its log p(x)**` : shown;

/** What is to be said of settings of which no record was kept. */
export const settingsUntold =
  'How many settings were tried before these, and on which rows they were judged, was not recorded.';

export const mean = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
};

/** The standard deviation of what the values are drawn from; 0 of one value. */
export function deviation(values: readonly number[]): number {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1 || 1));
}

/** Mean ± standard deviation. */
export const spread = (values: readonly number[], digits: number): string =>
  `${figure(mean(values), digits)} ± ${deviation(values).toFixed(digits)}`;
