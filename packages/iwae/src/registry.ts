import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { commonKinds } from '@elbo/recipes';
import { iwaeKind } from './iwae.js';
import { iwaeBoundKind } from './iwae_bound.js';

/** Every kind that the config of an IWAE and of its training can name. */
export const iwaeRegistry: Registry = createRegistry(...commonKinds, iwaeBoundKind, iwaeKind);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = iwaeRegistry.kinds;
