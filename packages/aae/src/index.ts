export * from './aae.js';
export * from './semi_supervised.js';
export * from './classification.js';
export * from './consistency.js';
export * from './labelled_adversarial_z.js';
export * from './registry.js';
export * from './recipe.js';
export * from './semi_supervised_recipe.js';

// What it takes to define and train one.
export {
  gaussiansOnCircle,
  oneHotPrior,
  productPrior,
  standardNormal,
  swissRoll,
} from '@elbo/core';
export { labelled, strokes } from '@elbo/datasets';
export { bernoulliDecoder } from '@elbo/decoders';
export { deterministicEncoder, structuredEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export { adversarialZ } from '@elbo/objectives';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
