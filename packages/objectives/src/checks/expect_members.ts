import { ElboError } from '@elbo/core';
import { described } from './checked.js';

/**
 * Fails unless what a part made is an object with these functions.
 *
 * @throws ElboError that says `what` it is, and what it lacks.
 */
export function expectMembers(made: unknown, what: string, ...names: readonly string[]): void {
  const given = made as Readonly<Record<string, unknown>> | null | undefined;
  if (typeof given !== 'object' || given === null)
    throw new ElboError(
      `${what} should be an object with ${names.join(', ')}, and is ${described(made)}.`,
    );
  const missing = names.find((name) => typeof given[name] !== 'function');
  if (missing !== undefined) throw new ElboError(`${what} has no function '${missing}'.`);
}
