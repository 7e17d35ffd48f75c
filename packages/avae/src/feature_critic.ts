import { ConfigError, type Config, type Registry } from '@elbo/core';
import type { Discriminator, Featured, ProjectionDiscriminator } from '@elbo/discriminators';
import { buildDataCritic } from '@elbo/objectives';

/** A discriminator of data whose features can be asked for, and whether it sees the condition too. */
export type FeatureCriticOptions =
  | { readonly discriminator: Discriminator; readonly conditional?: false }
  | { readonly discriminator: ProjectionDiscriminator; readonly conditional: true };

/**
 * A discriminator with features, built from a config.
 *
 * @throws ConfigError for one without.
 */
export function buildFeatureCritic(
  options: { readonly discriminator: Config; readonly conditional?: boolean },
  registry: Registry,
): FeatureCriticOptions {
  const built = buildDataCritic(options, registry);
  if ((built.discriminator as Partial<Featured>).features) return built as FeatureCriticOptions;
  throw new ConfigError(
    `A discriminator of kind '${options.discriminator.kind}' has no features; take discriminator() or projectionDiscriminator().`,
  );
}
