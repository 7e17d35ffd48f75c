import type { Kind } from '@elbo/core';
import { adamKinds } from './adam.js';
import { chainKind } from './chain.js';
import { clippingKinds } from './clipping.js';
import type { Optimiser, Transform } from './optimiser.js';
import { rmspropKind } from './rmsprop.js';
import { sgdKind } from './sgd.js';

/**
 * The kinds of optimisers and of transforms, for a registry. Learning rates may be configs of schedules, so the
 * registry needs `scheduleKinds` as well.
 */
export const optimiserKinds: readonly Kind<Optimiser | Transform>[] = [
  ...adamKinds,
  rmspropKind,
  sgdKind,
  chainKind,
  ...clippingKinds,
];
