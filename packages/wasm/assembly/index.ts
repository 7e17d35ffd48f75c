// What the side module exports: pointers and sizes in, nothing out.
export { product, productScratch } from './products/product';
export { productOfIntegers } from './products/integers';
export { finish } from './products/finish';
export { activate, activationGradient } from './elementwise/activations';
export { apply } from './elementwise/functions';
export { peak } from './peak';
