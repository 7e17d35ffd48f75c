import type { Kind } from '@elbo/core';
import type { AnyEncoder } from '@elbo/objectives';
import { anchoredKind } from './anchored.js';
import { basisKind } from './basis.js';
import { deterministicKind } from './deterministic.js';
import { flowKind } from './flow.js';
import { gaussianKind } from './gaussian.js';
import { implicitKind } from './implicit.js';
import { mixtureKind } from './mixture.js';
import { structuredKind } from './structured.js';

/** The kinds of encoders, for a registry. */
export const encoderKinds: readonly Kind<AnyEncoder>[] = [
  gaussianKind,
  implicitKind,
  basisKind,
  anchoredKind,
  deterministicKind,
  structuredKind,
  flowKind,
  mixtureKind,
];
