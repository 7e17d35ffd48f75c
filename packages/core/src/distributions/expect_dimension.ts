import { ConfigError } from '../errors.js';

/** @throws ConfigError unless `dim` can be how many numbers z has. */
export function expectDimension(dim: number, where: string): void {
  if (!Number.isSafeInteger(dim) || dim < 1)
    throw new ConfigError(`${where}: 'dim' must be a whole number of at least 1, not ${dim}.`);
}
