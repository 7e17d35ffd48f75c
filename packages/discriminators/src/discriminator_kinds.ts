import type { Kind } from '@elbo/core';
import { concatKind } from './concat.js';
import { discriminatorKind } from './discriminator.js';
import { headedKind } from './headed.js';
import { innerProductKind } from './inner_product.js';
import { minibatchKinds } from './minibatch.js';
import { projectionKind } from './projection.js';
import { residualKind } from './residual.js';
import { pairSpectralNormKind, spectralNormKind } from './spectral.js';

/** The kinds of discriminators and of their layers, for a registry. */
export const discriminatorKinds: readonly Kind[] = [
  discriminatorKind,
  concatKind,
  innerProductKind,
  residualKind,
  headedKind,
  projectionKind,
  spectralNormKind,
  pairSpectralNormKind,
  ...minibatchKinds,
];
