export { bernoulliDecoder, type BernoulliDecoderOptions } from './bernoulli.js';
export { gaussianDecoder, type GaussianDecoderOptions } from './gaussian.js';
export { decoderKinds } from './kinds.js';
export type { DecoderOptions } from './output.js';
export { decoderFor, type DecoderForOptions } from './decoder_for.js';
export { sliceDecoder, type SliceDecoderOptions } from './slice.js';
