// What the side module exports: pointers and sizes in, nothing out.
export { product, productScratch } from './products/product';
export { productOfIntegers } from './products/integers';
export { finish } from './products/finish';
export { activate, activationGradient } from './elementwise/activations';
export { peak } from './peak';
export {
  convolution,
  convolutionFilterGradient,
  convolutionInputGradient,
} from './convolution/convolution';
export {
  depthwise,
  depthwiseFilterGradient,
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
export { maxima, means, meansGradient } from './pooling/rows';
