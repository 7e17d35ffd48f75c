import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { discriminatorKinds } from '@elbo/discriminators';
import { commonKinds } from '@elbo/recipes';
import { adversarialPairKind } from './adversarial_pair.js';
import { biganKind } from './bigan.js';
import { ganKind } from './gan.js';

/** Every kind that the config of a GAN or a BiGAN and of its training can name. */
export const ganRegistry: Registry = createRegistry(
  ...commonKinds,
  ...discriminatorKinds,
  adversarialPairKind,
  ganKind,
  biganKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = ganRegistry.kinds;
