import type { Kernel } from '../kernel.js';
import { activationKernels } from './activations.js';
import { optimiserKernels } from './adam.js';
import { complexKernels } from './complex.js';
import { convolutions } from './convolutions.js';
import { copies } from './copies.js';
import { counts } from './counts.js';
import { densityKernels } from './densities.js';
import { depthwiseConvolutions } from './depthwise.js';
import { dilations } from './dilation.js';
import { einsums } from './einsum.js';
import { elementwiseKernels } from './elementwise.js';
import { extrema } from './extrema.js';
import { gathers } from './gather.js';
import { layerNormKernels } from './layer_norm.js';
import { logSumExpKernels } from './log_sum_exp.js';
import { noiseKernels } from './noise.js';
import { numberKernels } from './numbers.js';
import { pairKernels } from './pairs.js';
import { pools } from './pooling.js';
import { prelus } from './prelu.js';
import { products } from './products.js';
import { raggedTensorToTensors } from './ragged_dense.js';
import { raggedGathers } from './ragged_gather.js';
import { raggedRanges } from './ragged_range.js';
import { reorderings } from './reorderings.js';
import { reparameterizeKernels } from './reparameterize.js';
import { runningSums } from './running_sums.js';
import { segments } from './segments.js';
import { slices } from './slices.js';
import { softmaxes } from './softmax.js';
import { spectra } from './spectra.js';
import { stringKernels } from './strings.js';
import { sums } from './sums.js';

/** Every kernel of this package. Of several of one name, the first that takes the arguments runs. */
export const kernels: readonly Kernel[] = [
  ...products,
  ...activationKernels,
  ...complexKernels,
  ...pairKernels,
  ...stringKernels,
  ...copies,
  ...counts,
  ...einsums,
  ...extrema,
  ...gathers,
  ...numberKernels,
  ...raggedGathers,
  ...raggedRanges,
  ...raggedTensorToTensors,
  ...reorderings,
  ...runningSums,
  ...segments,
  ...slices,
  ...softmaxes,
  ...spectra,
  ...sums,
  ...elementwiseKernels,
  ...densityKernels,
  ...reparameterizeKernels,
  ...layerNormKernels,
  ...logSumExpKernels,
  ...optimiserKernels,
  ...convolutions,
  ...depthwiseConvolutions,
  ...pools,
  ...dilations,
  ...prelus,
  ...noiseKernels,
];
