export { avae, avaeKind, type AvaeOptions } from './avae.js';
export { cvaeGan, cvaeGanKind, type CvaeGanOptions } from './cvae_gan.js';
export { buildFeatureCritic, type FeatureCriticOptions } from './feature_critic.js';
export {
  featureMatching,
  featureReconstruction,
  featureTermKinds,
  type FeatureTermOptions,
} from './feature_terms.js';
export type { AutoencoderOptions } from './options.js';
export { avaeRecipe, vaeGanRecipe } from './recipes.js';
export { avaeRegistry, kinds } from './registry.js';
export { vaeGan, vaeGanKind, type VaeGanOptions } from './vae_gan.js';
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
