import { ConfigError } from '@elbo/core';

/**
 * Fails unless each of these options of a network is a whole number from 1.
 *
 * @throws ConfigError that names the network and the option.
 */
export function expectCounts(network: string, options: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(options))
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(
        `${network}: '${name}' must be a whole number of at least 1, not ${String(value)}.`,
      );
}
