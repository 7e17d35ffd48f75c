import type { Kernel } from '../kernel.js';
import { activationKernels } from './activations.js';
import { convolutions } from './convolutions.js';
import { depthwiseConvolutions } from './depthwise.js';
import { dilations } from './dilation.js';
import { pools } from './pooling.js';
import { products } from './products.js';

/** Every kernel of this package. */
export const kernels: readonly Kernel[] = [
  ...products,
  ...activationKernels,
  ...convolutions,
  ...depthwiseConvolutions,
  ...pools,
  ...dilations,
];
