import { createRegistry, priorKinds, scheduleKinds, type Kind, type Registry } from '@elbo/core';
import { decoderKinds } from '@elbo/decoders';
import { encoderKinds } from '@elbo/encoders';
import { networkKinds } from '@elbo/networks';
import { objectiveKinds } from '@elbo/objectives';
import { optimiserKinds } from '@elbo/optimisers';
import { aaeKind } from './aae.js';
import { classificationKind } from './classification.js';
import { consistencyKind } from './consistency.js';
import { labelledAdversarialZKind } from './labelled_adversarial_z.js';
import { semiSupervisedAaeKind } from './semi_supervised.js';

/** Every kind that the config of a AAE and of its training can name. */
export const aaeRegistry: Registry = createRegistry(
  ...scheduleKinds,
  ...priorKinds,
  ...networkKinds,
  ...encoderKinds,
  ...decoderKinds,
  ...objectiveKinds,
  ...optimiserKinds,
  labelledAdversarialZKind,
  classificationKind,
  consistencyKind,
  aaeKind,
  semiSupervisedAaeKind,
);

/** The same, as workers and configurations find the kinds of a plugin. */
export const kinds: readonly Kind[] = aaeRegistry.kinds;
