import { createRegistry, type Kind, type Registry } from '@elbo/core';
import { commonKinds } from '@elbo/recipes';
import { aaeKind } from './aae.js';
import { classificationKind } from './classification.js';
import { consistencyKind } from './consistency.js';
import { labelledAdversarialZKind } from './labelled_adversarial_z.js';
import { semiSupervisedAaeKind } from './semi_supervised.js';

/** Every kind that the config of a AAE and of its training can name. */
export const aaeRegistry: Registry = createRegistry(
  ...commonKinds,
  labelledAdversarialZKind,
  classificationKind,
  consistencyKind,
  aaeKind,
  semiSupervisedAaeKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = aaeRegistry.kinds;
