export { activation } from './activation.js';
export { activationEntry, activationName } from './activation_entry.js';
export { conv, type ConvOptions } from './conv.js';
export { convTranspose, type ConvTransposeOptions } from './conv_transpose.js';
export { dense, type DenseOptions } from './dense.js';
export { embedding, type EmbeddingOptions } from './embedding.js';
export { gaussianNoise, type GaussianNoiseOptions } from './gaussian_noise.js';
export { gru, type GruOptions } from './gru.js';
export { gruCell, gruStates, type GateInputs, type GruCell } from './gru_cell.js';
export type { ImageShape, Padding } from './images.js';
export type { Initialiser } from './initial_kernel.js';
export { initialiserEntry } from './initialiser_entry.js';
export { joined } from './joined.js';
export { mlp, type MlpOptions } from './mlp.js';
export { networkKinds, pairNetworkKinds } from './network_kinds.js';
export {
  groupNorm,
  instanceNorm,
  layerNorm,
  type GroupNormOptions,
  type NormOptions,
} from './norms.js';
export { expectCounts } from './options.js';
export { pairwiseProducts } from './pairwise_products.js';
export { randomShift, type RandomShiftOptions } from './random_shift.js';
export { flatten, reshape } from './reshape.js';
export { residual, type ResidualOptions } from './residual.js';
export { sequenceShape, type SequenceShape } from './sequences.js';
export { sequential } from './sequential.js';
export { skip } from './skip.js';
export {
  convTrunk,
  deconvTrunk,
  type ConvTrunkOptions,
  type DeconvTrunkOptions,
} from './trunks.js';
export { upsample, type UpsampleOptions } from './upsample.js';
export type { Activation } from '@elbo/ops';
