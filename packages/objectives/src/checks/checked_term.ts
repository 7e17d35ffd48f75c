import { ConfigError, ShapeError } from '@elbo/core';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import { checked, described, isTensor } from './checked.js';

/**
 * The cost of a term, `[B]` or a scalar: its mean over anything else would be another objective than was meant.
 *
 * @throws ShapeError that names the term.
 */
export function checkedCost(cost: Tensor, rows: number, term: string): Tensor {
  const given: unknown = cost;
  if (isTensor(given) && given.dtype === 'float32') {
    if (given.rank === 0 || (given.rank === 1 && given.shape[0] === rows)) return cost;
  }
  throw new ShapeError(
    `The term '${term}': its cost should be [${rows}], one number for each row of the minibatch, or a scalar, and is ${described(given)}; sum over the axes of a row.`,
  );
}

/** @throws ShapeError that names the term, unless its loss or a metric of it is a scalar. */
export function checkedScalar(value: Scalar, what: string, term: string): Scalar {
  return checked(value, [], `The term '${term}': its ${what}`, '; take the mean over the rows');
}

/** @throws ConfigError that names the term, unless its weight is a number. */
export function checkedWeight(weight: number, step: number, term: string): number {
  if (Number.isFinite(weight)) return weight;
  throw new ConfigError(
    `The weight of the term '${term}' at step ${step} should be a finite number, and is ${typeof weight === 'number' ? weight : described(weight)}.`,
  );
}

/**
 * What a discriminator says of each sample, `[B, 1]`: a game would average anything else.
 *
 * @throws ShapeError that names the term.
 */
export function checkedScores(scores: Tensor, rows: number, term: string): Tensor {
  return checked(scores, [rows, 1], `The term '${term}': the scores of its discriminator`);
}
