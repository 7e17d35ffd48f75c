export { iwae, iwaeKind, type IwaeOptions } from './iwae.js';
export {
  iwaeBound,
  iwaeBoundKind,
  type IwaeBoundOptions,
  type IwaeGradient,
} from './iwae_bound.js';
export { iwaeRecipe } from './recipe.js';
export { iwaeRegistry, kinds } from './registry.js';
export { standardNormal } from '@elbo/core';
export { binarise, strokes } from '@elbo/datasets';
export { bernoulliDecoder } from '@elbo/decoders';
export { gaussianEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
