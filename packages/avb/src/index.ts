export {
  adaptiveContrastKl,
  adaptiveContrastKlKind,
  type AdaptiveContrastKlOptions,
} from './adaptive_contrast_kl.js';
export { adversarialKl, adversarialKlKind, type AdversarialKlOptions } from './adversarial_kl.js';
export { avb, avbKind, type AvbOptions, type ContrastKind } from './avb.js';
export { avbRecipe } from './recipe.js';
export { avbRegistry, kinds } from './registry.js';
export { standardNormal } from '@elbo/core';
export { binarise, strokes } from '@elbo/datasets';
export { bernoulliDecoder } from '@elbo/decoders';
export { innerProductDiscriminator } from '@elbo/discriminators';
export { anchoredEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
