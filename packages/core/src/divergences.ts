import { gaussianKl } from '@elbo/ops';
import {
  add,
  div,
  exp,
  expandDims,
  logSigmoid,
  logSoftmax,
  mul,
  sigmoid,
  square,
  sub,
  sum,
  transpose,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import type { Bernoulli } from './distributions/bernoulli.js';
import type { Categorical } from './distributions/categorical.js';
import { logDeterminant, type FullNormal } from './distributions/full_normal.js';
import type { Normal } from './distributions/normal.js';
import { expectSameShape } from './distributions/rows.js';
import { lowerPart, solveLower } from './distributions/triangular.js';
import { flattenBatch } from './shapes.js';

function sumRows(tensor: Tensor): Tensor1D {
  return sum(flattenBatch(tensor), 1);
}

/** KL(q ‖ N(0, I)) in nats of diagonal normals, `[B]` (Kingma & Welling 2013, appendix B). */
export function klNormalToStandard(q: Normal): Tensor1D {
  return gaussianKl(q.location, q.logVar);
}

/**
 * KL(q ‖ p) in nats of diagonal normals, `[B]`.
 *
 * @throws ShapeError when the two differ in shape.
 */
export function klNormal(q: Normal, p: Normal): Tensor1D {
  expectSameShape(q.location, p.location, 'klNormal(q, p)');
  const logRatio = sub(q.logVar, p.logVar);
  const distance = div(square(sub(q.location, p.location)), exp(p.logVar));
  return mul(sumRows(sub(add(exp(logRatio), distance), add(logRatio, 1))), 0.5);
}

/** KL(q ‖ N(0, I)) in nats of full-covariance normals, `[B]`. */
export function klFullNormalToStandard(q: FullNormal): Tensor1D {
  const trace = sumRows(square(lowerPart(q.factor)));
  const distance = sumRows(square(q.location));
  const half = mul(sub(add(trace, distance), q.location.shape[1]), 0.5);
  return sub(half, logDeterminant(q.factor));
}

/**
 * KL(q ‖ p) in nats of full-covariance normals, `[B]`: ½(‖L_p⁻¹ L_q‖² + ‖L_p⁻¹(m_q − m_p)‖² − Z) + log |L_p| − log |L_q|.
 *
 * @throws ShapeError when the two differ in shape.
 */
export function klFullNormal(q: FullNormal, p: FullNormal): Tensor1D {
  expectSameShape(q.location, p.location, 'klFullNormal(q, p)');
  const columns: Tensor3D = transpose(lowerPart(q.factor), [2, 0, 1]);
  const trace = sum(square(solveLower(p.factor, columns)), [0, 2]);
  const shift: Tensor3D = expandDims(sub(q.location, p.location), 0);
  const distance = sum(square(solveLower(p.factor, shift)), [0, 2]);
  const half = mul(sub(add(trace, distance), q.location.shape[1]), 0.5);
  return add(half, sub(logDeterminant(p.factor), logDeterminant(q.factor)));
}

/**
 * KL(q ‖ p) in nats of Bernoulli distributions, summed over all axes but the batch's, `[B]`.
 *
 * @throws ShapeError when the two differ in shape.
 */
export function klBernoulli(q: Bernoulli, p: Bernoulli): Tensor1D {
  expectSameShape(q.logits, p.logits, 'klBernoulli(q, p)');
  const ofSign = (sign: 1 | -1): Tensor => {
    const [ofQ, ofP] = [mul(q.logits, sign), mul(p.logits, sign)];
    return mul(sigmoid(ofQ), sub(logSigmoid(ofQ), logSigmoid(ofP)));
  };
  return sumRows(add(ofSign(1), ofSign(-1)));
}

/**
 * KL(q ‖ p) in nats of categorical distributions, summed over all axes but the batch's, `[B]`.
 *
 * @throws ShapeError when the two differ in shape.
 */
export function klCategorical(q: Categorical, p: Categorical): Tensor1D {
  expectSameShape(q.logits, p.logits, 'klCategorical(q, p)');
  const logQ = logSoftmax(q.logits);
  return sumRows(mul(exp(logQ), sub(logQ, logSoftmax(p.logits))));
}
