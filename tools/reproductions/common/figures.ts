// Numbers as pages show them.
import type { Estimate } from '@elbo/evaluation';

/** A number to so many digits, with a true minus sign. */
export const figure = (value: number, digits: number): string =>
  value.toFixed(digits).replace('-', '−');

export const withError = ({ mean, error }: Estimate, digits = 3): string =>
  `${figure(mean, digits)} ± ${figure(error, digits)}`;

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

export const verdict = (holds: boolean): string => (holds ? 'holds' : '**missed**');

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
