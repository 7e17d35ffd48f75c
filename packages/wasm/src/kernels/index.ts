import type { Kernel } from '../kernel.js';
import { activationKernels } from './activations.js';
import { copies } from './copies.js';
import { extrema } from './extrema.js';
import { products } from './products.js';
import { segments } from './segments.js';
import { sums } from './sums.js';

/** Every kernel of this package. */
export const kernels: readonly Kernel[] = [
  ...products,
  ...activationKernels,
  ...copies,
  ...extrema,
  ...segments,
  ...sums,
];
