import type { Kind } from '@elbo/core';
import { concatKind } from './concat.js';
import { headedKind } from './headed.js';
import { innerProductKind } from './inner_product.js';
import type { PairNetwork } from './pair.js';
import { residualKind } from './residual.js';

/** The kinds of discriminators, for a registry. */
export const discriminatorKinds: readonly Kind<PairNetwork>[] = [
  concatKind,
  innerProductKind,
  residualKind,
  headedKind,
];
