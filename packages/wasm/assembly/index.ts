// What the side module exports: pointers and sizes in, nothing out.
export { product, productScratch } from './products/product';
export { productOfIntegers } from './products/integers';
export { finish } from './products/finish';
export { activate, activationGradient } from './elementwise/activations';
export { clip, clipIntegers, extremum } from './elementwise/extrema';
export { sign } from './elementwise/signs';
export { sum } from './reductions/sums';
export { sumOfIntegers } from './reductions/sums_of_integers';
export { gatherRows, pickRows } from './indexing/rows';
export { segmentSums, segmentSumsOfIntegers } from './indexing/segments';
export { peak } from './peak';
