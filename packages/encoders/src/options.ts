import {
  ConfigError,
  nested,
  networkCategory,
  type Config,
  type Network,
  type Registry,
} from '@elbo/core';
import * as v from 'valibot';

/** What every encoder takes. */
export interface EncoderOptions {
  /** Makes of x what the encoder sees, once for each x; without one it sees x itself, flattened. */
  readonly network?: Network;
  /** The dimension of z. */
  readonly latent: number;
}

/** The part of an encoder's config that says what every encoder takes. */
export function encoderConfig({ network, latent }: EncoderOptions): {
  readonly network?: Config;
  readonly latent: number;
} {
  return { ...(network && { network: network.config }), latent };
}

/** The schemas of what every encoder takes. */
export const encoderEntries: {
  readonly network: v.ExactOptionalSchema<typeof nested, undefined>;
  readonly latent: v.NumberSchema<undefined>;
} = { network: v.exactOptional(nested), latent: v.number() };

/** An encoder's options as its factory takes them: with the network built. */
export function buildOptions<Given extends { readonly network?: Config }>(
  { network, ...options }: Given,
  registry: Registry,
): Omit<Given, 'network'> & { readonly network?: Network } {
  return { ...options, ...(network && { network: registry.build(networkCategory, network) }) };
}

/**
 * Fails unless each option is a whole number from `least`.
 *
 * @throws ConfigError that names the encoder and the option.
 */
export function expectCounts(
  encoder: string,
  options: Readonly<Record<string, number>>,
  least = 1,
): void {
  for (const [name, value] of Object.entries(options))
    if (!Number.isInteger(value) || value < least)
      throw new ConfigError(
        `${encoder}: '${name}' must be a whole number of at least ${least}, not ${value}.`,
      );
}
