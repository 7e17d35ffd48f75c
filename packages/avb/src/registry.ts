import { createRegistry, priorKinds, scheduleKinds, type Kind, type Registry } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { discriminatorKinds } from '@elbo/discriminators';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';
import { adaptiveContrastKlKind } from './adaptive_contrast_kl.js';
import { adversarialKlKind } from './adversarial_kl.js';
import { avbKind } from './avb.js';

/** Every kind that the config of an AVB model and of its training can name. */
export const avbRegistry: Registry = createRegistry(
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...discriminatorKinds,
  ...objectiveKinds,
  ...optimiserKinds,
  adversarialKlKind,
  adaptiveContrastKlKind,
  avbKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = avbRegistry.kinds;
