import { disposeTree, type Network } from '@elbo/core';
import { sampleMoments } from '@elbo/datasets';
import { mlp } from '@elbo/networks';
import { cosine, adamW } from '@elbo/optimisers';
import { fold, integers, type Key } from '@elbo/random';
import {
  add,
  concat,
  dispose,
  mean,
  reshape,
  softplus,
  neg,
  square,
  tensor1d,
  tensor2d,
  tidy,
  mul,
  sub,
  type Scalar,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { descend, type Minibatch } from '../descend.js';
import { countOf, pickPoints, pooled, type Points } from '../points.js';

/** How a classifier is trained. */
export interface ClassifierOptions {
  readonly key: Key;
  /**
   * Of standardised coordinates and their squares, `[B, 2D]` to `[B, 1]`: then one of no hidden layer suffices for
   * normals of one orientation. By default one hidden layer of 32 units.
   */
  readonly network?: Network;
  /** 400 by default. */
  readonly steps?: number;
  /** Of each class in a minibatch; 128 by default. */
  readonly batchSize?: number;
  /** Of Adam with weight decay, at the start; it falls to 0 by a cosine. 5e-3 by default. */
  readonly rate?: number;
}

/** log p(x) − log q(x) of points as a classifier has it, in nats, `[N]`. */
export type LogRatio = (points: Points) => Promise<Float32Array>;

/** How many a classifier tells rightly; a half of each that it is undecided about, at log-odds of 0. */
export function rightly(ofP: ArrayLike<number>, ofQ: ArrayLike<number>): number {
  const towards = (values: ArrayLike<number>, side: 1 | -1): number =>
    Array.from(values).reduce((sum, t) => sum + 0.5 * (1 + side * Math.sign(t)), 0);
  return towards(ofP, 1) + towards(ofQ, -1);
}

/**
 * Trains a classifier to tell samples of p from samples of q, with as many of each in a minibatch, and gives its
 * log-odds to `use`: at the optimum log p(x)/q(x) (Sugiyama et al. 2012, §4).
 */
export async function withLogRatio<T>(
  p: Points,
  q: Points,
  {
    key,
    network = mlp({ hidden: [32], output: 1, activation: 'elu', zeroOutput: true }),
    steps = 400,
    batchSize = 128,
    rate = 5e-3,
  }: ClassifierOptions,
  use: (logRatio: LogRatio) => Promise<T>,
): Promise<T> {
  const features = featuresOf(p, q);
  const mode = { training: false, key };
  const minibatchAt = (step: number): Minibatch => {
    const draw = (points: Points, name: string): Tensor2D =>
      features(
        pickPoints(points, integers(fold(fold(key, name), step), batchSize, countOf(points))),
      );
    const [ofP, ofQ] = [draw(p, 'p'), draw(q, 'q')];
    return {
      loss: (params) => {
        const wrongOfP = mean<Scalar>(softplus(neg(network.apply(params, mode, ofP))));
        return add(wrongOfP, mean(softplus(network.apply(params, mode, ofQ))));
      },
      dispose: () => {
        dispose([ofP, ofQ]);
      },
    };
  };
  const begin = network.init(fold(key, 'classifier'), [2 * p.dim]).params;
  const params = await descend(begin, adamW(cosine({ from: rate, steps })), minibatchAt, { steps });
  try {
    return await use(async (points) => {
      const logits = tidy(() =>
        reshape(network.apply(params, mode, features(points)), [countOf(points)]),
      );
      try {
        return await logits.data<'float32'>();
      } finally {
        logits.dispose();
      }
    });
  } finally {
    disposeTree(params);
  }
}

/** Coordinates standardised by the moments of both samples together, and their squares: `[N, 2D]`. */
function featuresOf(p: Points, q: Points): (points: Points) => Tensor2D {
  const { dim } = p;
  const { mean: centre, covariance } = sampleMoments(pooled(p, q).values, dim);
  const scales = centre.map((_, d) => 1 / Math.sqrt(covariance[d]![d]! || 1));
  return ({ values }) =>
    tidy(() => {
      const x = tensor2d(Float32Array.from(values), [values.length / dim, dim]);
      const z: Tensor2D = mul(sub(x, tensor1d([...centre])), tensor1d(scales));
      return concat([z, square(z)], 1);
    });
}
