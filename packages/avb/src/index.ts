export * from './avb.js';
export * from './adversarial_kl.js';
export * from './adaptive_contrast_kl.js';
export * from './registry.js';
export * from './recipe.js';

// What it takes to define and train one.
export { standardNormal } from '@elbo/core';
export { binarise, strokes } from '@elbo/datasets';
export { bernoulliDecoder } from '@elbo/decoders';
export { innerProductDiscriminator } from '@elbo/discriminators';
export { anchoredEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
