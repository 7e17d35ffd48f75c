import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { commonKinds } from '@elbo/recipes';
import { costKinds } from './cost.js';
import { dualCriticKind } from './dual_critic.js';
import { mmdKind } from './mmd.js';
import { sinkhornKind } from './sinkhorn.js';
import { transportCostKind } from './transport_cost.js';
import { wvaeKind } from './wvae.js';

/** Every kind that the config of a WVAE and of its training can name. */
export const wvaeRegistry: Registry = createRegistry(
  ...commonKinds,
  ...costKinds,
  transportCostKind,
  mmdKind,
  sinkhornKind,
  dualCriticKind,
  wvaeKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = wvaeRegistry.kinds;
