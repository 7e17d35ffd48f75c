import { createRegistry, priorKinds, scheduleKinds, type Kind, type Registry } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';
import { iwaeKind } from './iwae.js';
import { iwaeBoundKind } from './iwae_bound.js';

/** Every kind that the config of an IWAE and of its training can name. */
export const iwaeRegistry: Registry = createRegistry(
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...objectiveKinds,
  ...optimiserKinds,
  iwaeBoundKind,
  iwaeKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = iwaeRegistry.kinds;
