import { createRegistry, priorKinds, scheduleKinds, type Kind, type Registry } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { discriminatorKinds } from '@elbo/discriminators';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';
import { adversarialPairKind } from './adversarial_pair.js';
import { biganKind } from './bigan.js';
import { ganKind } from './gan.js';

/** Every kind that the config of a GAN or a BiGAN and of its training can name. */
export const ganRegistry: Registry = createRegistry(
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...discriminatorKinds,
  ...objectiveKinds,
  ...optimiserKinds,
  adversarialPairKind,
  ganKind,
  biganKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = ganRegistry.kinds;
