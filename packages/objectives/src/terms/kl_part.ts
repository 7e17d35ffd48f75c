import { CompositionError, defineKind, expectGiven, whole, type Kind } from '@elbo/core';
import { logSumExp } from '@elbo/ops';
import {
  add,
  expandDims,
  reshape,
  sub,
  sum,
  tensor2d,
  zeros,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import type { Pass } from '../pass/pass.js';
import { term, termCategory, type Term } from './term.js';

/**
 * A part of the mean of the KL over the data (Hoffman & Johnson 2016; Chen et al. 2018, eq. 2), which is their sum:
 *
 * - `information`: I(x; z), of a code and the row that it is of, E log q(z|x)/q(z);
 * - `correlation`: the total correlation KL(q(z) ‖ Π q(z_j)), 0 where the dimensions of z are independent;
 * - `dimensions`: Σ KL(q(z_j) ‖ p(z_j)), where the prior is a product.
 */
export type KlPart = 'information' | 'correlation' | 'dimensions';

/** Which part, and of how many rows. */
export interface KlPartOptions {
  readonly part: KlPart;
  /**
   * N, the number of rows of the data: q(z) is then estimated by minibatch stratified sampling, without a bias. By
   * default by minibatch weighted sampling less its constant, as if the minibatch were all the data: of the same
   * gradient for any N, and of the value for N = B.
   */
  readonly rows?: number;
}

const names = {
  information: 'index-code-information',
  correlation: 'total-correlation',
  dimensions: 'dimension-wise-kl',
} as const;

/**
 * A part of the KL in nats, `[B]`, estimated at the pass's z with the minibatch's posteriors in place of q(z) (Chen et al.
 * 2018, §4.1): a regulariser beside `kl`, so that `weight(klPart({ part: 'correlation' }), β − 1)` makes a β-TCVAE.
 *
 * Time and memory grow as B² Z. It needs a posterior whose dimensions are independent, as a diagonal normal's are.
 */
export function klPart(options: KlPartOptions): Term<'posterior' | 'logProb'> {
  expectGiven('klPart', options, 'part');
  const { part, rows } = options;
  return term({
    config: { kind: 'kl-part', part, ...(rows !== undefined && { rows }) },
    name: names[part],
    role: 'regulariser',
    needs: ['posterior', 'logProb'],
    // Each row is seen against the posteriors of the others.
    coupling: { least: 2, pairs: 1 },
    evaluate: (pass) => ({ cost: () => klPartOf(pass, part, rows) }),
  });
}

function klPartOf(
  pass: Pass<'posterior' | 'logProb'>,
  part: KlPart,
  rows: number | undefined,
): Tensor1D {
  const { z, posterior, prior } = pass;
  const densities = densitiesOf(pass);
  const weights = logWeights(z.shape[0], rows);
  const joint = (): Tensor1D => logSumExp(add(sum(densities, 2), weights), 1) as Tensor1D;
  const product = (): Tensor1D => sum(logSumExp(add(densities, expandDims(weights, 2)), 1), 1);
  switch (part) {
    case 'information':
      return sub(posterior.logProb(z), joint());
    case 'correlation':
      return sub(joint(), product());
    case 'dimensions':
      return sub(product(), prior.logProb(z));
  }
}

/** log q(z_d|x) of dimension d for z of row i and x of row j, `[B, B, Z]`. */
function densitiesOf({ z, posterior }: Pass<'posterior' | 'logProb'>): Tensor {
  const [count, dim] = z.shape;
  if (!posterior.logProbOfDimensions)
    throw new CompositionError(
      'klPart: the dimensions of this posterior are not independent; take a diagonal Gaussian encoder.',
    );
  const repeated = add(expandDims(z, 1), zeros([1, count, 1]));
  const all = posterior.logProbOfDimensions(reshape(repeated, [count * count, dim]));
  return reshape(all, [count, count, dim]);
}

/**
 * The logarithm of what q(z|x_j) weighs in q(z) at a z of row i, `[B, B]`: a row of the data at random is i with the
 * probability 1/N, else one of those that the others of the minibatch stand for.
 */
function logWeights(count: number, rows: number = count): Tensor2D {
  const own = -Math.log(rows);
  const other = Math.log((rows - 1) / (rows * (count - 1)));
  const values = Float32Array.from({ length: count * count }, (_, at) =>
    at % (count + 1) === 0 ? own : other,
  );
  return tensor2d(values, [count, count]);
}

/** The kind of `klPart`. */
export const klPartKind: Kind<Term> = defineKind(
  'kl-part',
  termCategory,
  {
    part: v.picklist(['information', 'correlation', 'dimensions']),
    rows: v.exactOptional(whole(1)),
  },
  klPart,
);
