export { concatDiscriminator, type ConcatDiscriminatorOptions } from './concat.js';
export {
  headedDiscriminator,
  type HeadedDiscriminator,
  type HeadedDiscriminatorOptions,
} from './headed.js';
export {
  innerProductDiscriminator,
  type InnerProductDiscriminatorOptions,
} from './inner_product.js';
export { discriminatorKinds } from './kinds.js';
export type { DiscriminatorOptions, PairNetwork } from './pair.js';
export { residualDiscriminator, type ResidualDiscriminatorOptions } from './residual.js';
