export * from './gan.js';
export * from './bigan.js';
export * from './adversarial_pair.js';
export * from './registry.js';
export * from './recipes.js';

// What it takes to define and train one.
export { standardNormal } from '@elbo/core';
export { strokes } from '@elbo/datasets';
export { bernoulliDecoder } from '@elbo/decoders';
export { concatDiscriminator, denseDiscriminator } from '@elbo/discriminators';
export { gaussianEncoder } from '@elbo/encoders';
export { mlp } from '@elbo/networks';
export {
  gradientPenalty,
  hinge,
  leastSquares,
  nonSaturating,
  r1,
  wasserstein,
} from '@elbo/objectives';
export { adam } from '@elbo/optimisers';
export { key } from '@elbo/random';
export { train } from '@elbo/training';
