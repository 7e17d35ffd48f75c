// The differentiable operations of TensorFlow.js, and how their derivatives are compared with difference quotients.
// @elbo/gradients checks its rules with it on the stock backends, @elbo/wasm its kernels.
import { arithmetic } from './arithmetic.js';
import type { Case } from './cases.js';
import { activations, elementwise } from './elementwise.js';
import { convolutions, images } from './images.js';
import { products } from './products.js';
import { reductions } from './reductions.js';
import { shapes } from './shapes.js';

export { checkEach, type Case } from './cases.js';
export { checkDerivatives, draw, uniforms } from './differences.js';

/** Functions of tensors by name, a group for each kind of operation. */
export const groups: Readonly<Record<string, Readonly<Record<string, Case>>>> = {
  arithmetic,
  elementwise,
  activations,
  convolutions,
  images,
  products,
  reductions,
  shapes,
};
