import { BackendError } from '@elbo/core';
import { availableParallelism } from 'node:os';

/** The variable that says how many threads this program may have, with those that it starts. */
const variable = 'ELBO_THREADS';

/**
 * How many threads `ELBO_THREADS` allows; `undefined` where it is not set.
 *
 * @throws BackendError where that is no such number.
 */
export function threadsAllowed(): number | undefined {
  const asked = process.env[variable];
  if (asked === undefined || asked === '') return undefined;
  if (/^[1-9]\d{0,3}$/.test(asked)) return Number(asked);
  throw new BackendError(`${variable} must be a whole number of at least 1, not '${asked}'`);
}

/** How many threads this program may have run at the same time: as many as it may use cores, unless it is told. */
export const coresAllowed = (): number => threadsAllowed() ?? availableParallelism();
