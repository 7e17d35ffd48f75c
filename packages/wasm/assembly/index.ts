// What the side module exports: pointers and sizes in, nothing out.
export { product, productDepth, productScratch } from './products/product';
export { productOfIntegers } from './products/integers';
export { finish } from './products/finish';
export { activate, activationGradient, prelu } from './elementwise/activations';
export { clip, clipIntegers, extremum } from './elementwise/extrema';
export { sign } from './elementwise/signs';
export { sum, sumScratch } from './reductions/sums';
export { runningSums } from './reductions/running_sums';
export { sumOfIntegers } from './reductions/sums_of_integers';
export { gatherRows, pickRows } from './indexing/rows';
export { segmentScratch, segmentSums, segmentSumsOfIntegers } from './indexing/segments';
export { apply } from './elementwise/functions';
export { density, densityGradient } from './likelihood/densities';
export {
  reparameterize,
  reparameterizeOfLogVar,
  reparameterizeOfNoise,
} from './likelihood/reparameterize';
export { layerNorm, layerNormOfGain, layerNormOfX, layerNormScratch } from './normalise/layer_norm';
export { logSumExp, logSumExpGradient } from './normalise/log_sum_exp';
export { adam } from './optimise/adam';
export { randomBernoulli } from './random/bernoulli';
export { randomNormal } from './random/normal';
export { randomUniform } from './random/uniform';
export {
  addSums,
  convolution,
  convolutionFilterGradient,
  convolutionFilterParts,
  convolutionFilterScratch,
  convolutionInputGradient,
  sumsScratch,
} from './convolution/convolution';
export {
  depthwise,
  depthwiseFilterGradient,
  depthwiseFilterScratch,
  depthwiseInputGradient,
  repeat,
} from './convolution/depthwise';
export {
  dilation,
  dilationFilterGradient,
  dilationInputGradient,
  maximaGradient,
  maximaWithPlaces,
} from './pooling/maxima';
export { maxima, means, meansGradient, poolScratch } from './pooling/rows';
