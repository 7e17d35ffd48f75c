import type { Kernel } from '../kernel.js';
import { activationKernels } from './activations.js';
import { optimiserKernels } from './adam.js';
import { densityKernels } from './densities.js';
import { elementwiseKernels } from './elementwise.js';
import { layerNormKernels } from './layer_norm.js';
import { logSumExpKernels } from './log_sum_exp.js';
import { noiseKernels } from './noise.js';
import { products } from './products.js';
import { reparameterizeKernels } from './reparameterize.js';

/** Every kernel of this package. */
export const kernels: readonly Kernel[] = [
  ...products,
  ...activationKernels,
  ...elementwiseKernels,
  ...densityKernels,
  ...reparameterizeKernels,
  ...layerNormKernels,
  ...logSumExpKernels,
  ...optimiserKernels,
  ...noiseKernels,
];
