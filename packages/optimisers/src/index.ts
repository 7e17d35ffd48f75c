export { adam, adamW, type AdamOptions, type AdamWOptions } from './adam.js';
export { chain } from './chain.js';
export { clipByGlobalNorm, clipByValue } from './clipping.js';
export { vectorParts, type VectorPart } from './flat.js';
export {
  optimiserCategory,
  transformCategory,
  type Optimiser,
  type Stepped,
  type Transform,
} from './optimiser.js';
export { optimiserKinds } from './optimiser_kinds.js';
export { rmsprop, type RmspropOptions } from './rmsprop.js';
export { sgd, type SgdOptions } from './sgd.js';
export {
  constant,
  cosine,
  cyclical,
  exponential,
  linear,
  scheduleKinds,
  type Schedule,
} from '@elbo/core';
