import type { Kernel } from '../kernel.js';
import { activationKernels } from './activations.js';
import { complexKernels } from './complex.js';
import { copies } from './copies.js';
import { counts } from './counts.js';
import { einsums } from './einsum.js';
import { extrema } from './extrema.js';
import { gathers } from './gather.js';
import { numberKernels } from './numbers.js';
import { pairKernels } from './pairs.js';
import { products } from './products.js';
import { raggedTensorToTensors } from './ragged_dense.js';
import { raggedGathers } from './ragged_gather.js';
import { raggedRanges } from './ragged_range.js';
import { reorderings } from './reorderings.js';
import { segments } from './segments.js';
import { slices } from './slices.js';
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
  ...segments,
  ...slices,
  ...spectra,
  ...sums,
];
