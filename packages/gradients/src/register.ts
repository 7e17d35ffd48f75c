import { getGradient, registerGradient } from '@tensorflow/tfjs-core';
import { composeCustomGradients } from './compositions.js';
import { activationRules } from './rules/activations.js';
import { arithmeticRules } from './rules/arithmetic.js';
import { constantRules } from './rules/constants.js';
import { convolutionRules } from './rules/convolutions.js';
import { depthwiseRules } from './rules/depthwise.js';
import { elementwiseRules } from './rules/elementwise.js';
import { indexingRules } from './rules/indexing.js';
import { normalisationRules } from './rules/normalisation.js';
import { poolingRules } from './rules/pooling.js';
import { productRules } from './rules/products.js';
import { reductionRules } from './rules/reductions.js';
import { resizingRules } from './rules/resizing.js';
import { shapeRules } from './rules/shapes.js';
import { volumeRules } from './rules/volumes.js';

const rules = [
  activationRules,
  arithmeticRules,
  constantRules,
  convolutionRules,
  depthwiseRules,
  elementwiseRules,
  indexingRules,
  normalisationRules,
  poolingRules,
  productRules,
  reductionRules,
  resizingRules,
  shapeRules,
  volumeRules,
];

const all = rules.flat();

/**
 * Registers the rules of this package that are not there, or have given way to others: `@tensorflow/tfjs` registers stock
 * ones over a hundred of them when it is imported later, with which second gradients are wrong.
 *
 * @returns The kernels whose rules were put back.
 */
export function restoreRules(): readonly string[] {
  const missing = all.filter((rule) => getGradient(rule.kernelName) !== rule);
  missing.forEach(registerGradient);
  return missing.map(({ kernelName }) => kernelName);
}

restoreRules();
composeCustomGradients();
