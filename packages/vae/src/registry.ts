import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { commonKinds } from '@elbo/recipes';
import { vaeKind } from './vae.js';

/** Every kind that the config of a VAE and of its training can name. */
export const vaeRegistry: Registry = createRegistry(...commonKinds, vaeKind);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = vaeRegistry.kinds;
