import { createRegistry, priorKinds, scheduleKinds, type Kind, type Registry } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';
import { vaeKind } from './vae.js';

/** Every kind that the config of a VAE and of its training can name. */
export const vaeRegistry: Registry = createRegistry(
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...objectiveKinds,
  ...optimiserKinds,
  vaeKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = vaeRegistry.kinds;
