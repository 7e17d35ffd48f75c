export { bernoulliDecoder, type BernoulliDecoderOptions } from './bernoulli.js';
export { categoricalDecoder, type CategoricalDecoderOptions } from './categorical.js';
export {
  discretisedLogisticDecoder,
  type DiscretisedLogisticDecoderOptions,
} from './discretised_logistic.js';
export { sequenceDecoder, type SequenceDecoderOptions } from './sequence.js';
export { gaussianDecoder, type GaussianDecoderOptions } from './gaussian.js';
export { decoderKinds } from './kinds.js';
export type { DecoderOptions } from './output.js';
export { decoderFor, type DecoderForOptions } from './decoder_for.js';
export { generatorFor } from './generator_for.js';
export { likelihoodDecoder, type LikelihoodDecoderOptions } from './likelihood.js';
export { sliceDecoder, type SliceDecoderOptions } from './slice.js';
