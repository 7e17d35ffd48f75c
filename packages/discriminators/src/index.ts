export { concatDiscriminator, type ConcatDiscriminatorOptions } from './concat.js';
export {
  convDiscriminator,
  denseDiscriminator,
  discriminator,
  type ConvDiscriminatorOptions,
  type DenseDiscriminatorOptions,
  type Discriminator,
  type FeatureDiscriminatorOptions,
} from './discriminator.js';
export { discriminatorKinds } from './discriminator_kinds.js';
export type { Featured } from './features.js';
export {
  headedDiscriminator,
  type HeadedDiscriminator,
  type HeadedDiscriminatorOptions,
} from './headed.js';
export {
  innerProductDiscriminator,
  type InnerProductDiscriminatorOptions,
} from './inner_product.js';
export {
  minibatchDeviation,
  minibatchDiscrimination,
  type MinibatchDiscriminationOptions,
} from './minibatch.js';
export type { DiscriminatorOptions, PairNetwork } from './pair.js';
export { projectionDiscriminator, type ProjectionDiscriminator } from './projection.js';
export { residualDiscriminator, type ResidualDiscriminatorOptions } from './residual.js';
export { spectralNorm, type SpectralNormOptions } from './spectral.js';
