import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { discriminatorKinds } from '@elbo/discriminators';
import { commonKinds } from '@elbo/recipes';
import { adaptiveContrastKlKind } from './adaptive_contrast_kl.js';
import { adversarialKlKind } from './adversarial_kl.js';
import { avbKind } from './avb.js';

/** Every kind that the config of an AVB model and of its training can name. */
export const avbRegistry: Registry = createRegistry(
  ...commonKinds,
  ...discriminatorKinds,
  adversarialKlKind,
  adaptiveContrastKlKind,
  avbKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = avbRegistry.kinds;
