import { createRegistry, priorKinds, scheduleKinds, type Kind, type Registry } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { discriminatorKinds } from '@elbo/discriminators';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';
import { avaeKind } from './avae.js';
import { cvaeGanKind } from './cvae_gan.js';
import { featureTermKinds } from './feature_terms.js';
import { vaeGanKind } from './vae_gan.js';

/** Every kind that the config of these models and of their training can name. */
export const avaeRegistry: Registry = createRegistry(
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...discriminatorKinds,
  ...objectiveKinds,
  ...optimiserKinds,
  ...featureTermKinds,
  avaeKind,
  vaeGanKind,
  cvaeGanKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = avaeRegistry.kinds;
