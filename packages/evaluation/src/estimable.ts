import { ConfigError, DataError } from '@elbo/core';

/**
 * Fails unless there is enough to estimate from.
 *
 * @throws DataError that names the estimate, what there is, and the least.
 */
export function expectEnough(where: string, count: number, least: number, what = 'row'): void {
  if (count >= least) return;
  throw new DataError(
    `${where}: not estimable from ${count} ${plural(what, count)}; ${least} are the least.`,
  );
}

/**
 * Fails unless all values are finite: every comparison with NaN is false, so that ranks, counts and neighbours of it are
 * figures that mean nothing.
 *
 * @throws DataError that names the estimate, and the first value that is not.
 */
export function expectFinite(
  where: string,
  what: string,
  values: ArrayLike<number>,
  dim = 1,
): void {
  for (let i = 0; i < values.length; i++)
    if (!Number.isFinite(values[i]))
      throw new DataError(
        `${where}: not estimable, as ${what} ${Math.floor(i / dim)} holds ${values[i]}.`,
      );
}

/**
 * Fails unless an option is a whole number that is large enough.
 *
 * @throws ConfigError that names the estimate and the option.
 */
export function expectCount(where: string, name: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new ConfigError(`${where}: '${name}' must be a whole number from ${least}, not ${value}.`);
}

const plural = (what: string, count: number): string => (count === 1 ? what : `${what}s`);
