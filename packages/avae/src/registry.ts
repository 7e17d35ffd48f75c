import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { discriminatorKinds } from '@elbo/discriminators';
import { commonKinds } from '@elbo/recipes';
import { avaeKind } from './avae.js';
import { cvaeGanKind } from './cvae_gan.js';
import { featureTermKinds } from './feature_terms.js';
import { vaeGanKind } from './vae_gan.js';

/** Every kind that the config of these models and of their training can name. */
export const avaeRegistry: Registry = createRegistry(
  ...commonKinds,
  ...discriminatorKinds,
  ...featureTermKinds,
  avaeKind,
  vaeGanKind,
  cvaeGanKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = avaeRegistry.kinds;
