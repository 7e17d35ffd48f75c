export { bernoulliDecoder, type BernoulliDecoderOptions } from './bernoulli.js';
export { categoricalDecoder, type CategoricalDecoderOptions } from './categorical.js';
export { decoderFor, type DecoderForOptions } from './decoder_for.js';
export { decoderKinds } from './decoder_kinds.js';
export {
  discretisedLogisticDecoder,
  type DiscretisedLogisticDecoderOptions,
} from './discretised_logistic.js';
export { gaussianDecoder, type GaussianDecoderOptions } from './gaussian.js';
export { generatorFor } from './generator_for.js';
export { likelihoodDecoder, type LikelihoodDecoderOptions } from './likelihood.js';
export { networkMaking, type NetworkMaking } from './network_making.js';
export type { DecoderOptions } from './output.js';
export { sequenceDecoder, type SequenceDecoderOptions } from './sequence.js';
export { sliceDecoder, type SliceDecoderOptions } from './slice.js';
export { tableDecoder, type TableDecoderOptions } from './table.js';
