import type { Kernel } from '../kernel.js';
import { activationKernels } from './activations.js';
import { elementwiseKernels } from './elementwise.js';
import { products } from './products.js';

/** Every kernel of this package. */
export const kernels: readonly Kernel[] = [
  ...products,
  ...activationKernels,
  ...elementwiseKernels,
];
