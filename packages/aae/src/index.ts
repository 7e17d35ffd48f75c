export { aae, aaeKind, type AaeOptions } from './aae.js';
export {
  classification,
  classificationKind,
  type ClassificationOptions,
} from './classification.js';
export { consistency, consistencyKind, type ConsistencyOptions } from './consistency.js';
export {
  labelledAdversarialZ,
  labelledAdversarialZKind,
  type LabelledAdversarialZOptions,
} from './labelled_adversarial_z.js';
export { aaeRecipe } from './recipe.js';
export { aaeRegistry, kinds } from './registry.js';
export {
  semiSupervisedAae,
  semiSupervisedAaeKind,
  type SemiSupervisedAaeOptions,
  type SemiSupervisedWeights,
} from './semi_supervised.js';
export { semiSupervisedAaeRecipe } from './semi_supervised_recipe.js';
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
