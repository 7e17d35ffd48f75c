import * as v from 'valibot';
import { defineKind, type Kind } from '../registry.js';
import { gaussianMixture } from './gaussian_mixture.js';
import { oneHotPrior } from './one_hot.js';
import { productKind } from './product.js';
import { standardNormal } from './standard_normal.js';
import { swissRoll } from './swiss_roll.js';
import { priorCategory, type Prior } from './types.js';
import { uniform } from './uniform.js';

const dim = v.pipe(v.number(), v.integer(), v.minValue(1));
const rows = v.array(v.array(v.number()));

/** The kinds of priors. */
export const priorKinds: readonly Kind<Prior>[] = [
  defineKind('standard-normal', priorCategory, { dim }, (options) => standardNormal(options.dim)),
  defineKind(
    'gaussian-mixture',
    priorCategory,
    { weights: v.array(v.number()), means: rows, logVars: rows },
    gaussianMixture,
  ),
  defineKind(
    'uniform',
    priorCategory,
    { dim, low: v.optional(v.number(), -1), high: v.optional(v.number(), 1) },
    uniform,
  ),
  defineKind('one-hot', priorCategory, { weights: v.array(v.number()) }, ({ weights }) =>
    oneHotPrior(weights),
  ),
  defineKind(
    'swiss-roll',
    priorCategory,
    {
      turns: v.exactOptional(v.number()),
      radius: v.exactOptional(v.number()),
      noise: v.exactOptional(v.number()),
      classes: v.exactOptional(v.number()),
    },
    swissRoll,
  ),
  productKind,
];
