export * from './avae.js';
export * from './vae_gan.js';
export * from './cvae_gan.js';
export * from './feature_critic.js';
export * from './feature_terms.js';
export type { AutoencoderOptions } from './options.js';
export * from './registry.js';
export * from './recipes.js';

// What it takes to define and train one.
export { standardNormal } from '@elbo/core';
export { strokes } from '@elbo/datasets';
export { bernoulliDecoder, gaussianDecoder } from '@elbo/decoders';
export { denseDiscriminator, projectionDiscriminator } from '@elbo/discriminators';
export { gaussianEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export { r1 } from '@elbo/objectives';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
