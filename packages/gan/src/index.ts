export {
  adversarialPair,
  adversarialPairKind,
  type AdversarialPairOptions,
} from './adversarial_pair.js';
export { bigan, biganKind, type BiganOptions } from './bigan.js';
export { gan, ganKind, type GanOptions } from './gan.js';
export { biganRecipe, ganRecipe } from './recipes.js';
export { ganRegistry, kinds } from './registry.js';
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
