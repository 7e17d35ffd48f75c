import { disposeTree, fullNormal, type Params } from '@elbo/core';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { fold, type Key } from '@elbo/random';
import {
  add,
  exp,
  eye,
  keep,
  log,
  mean,
  mul,
  neg,
  reshape,
  square,
  sub,
  sum,
  tensor2d,
  tidy,
  zeros,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
} from '@tensorflow/tfjs-core';
import { descend } from '../descend.js';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { jointOf, type Joint } from './joint.js';

/** How `localElbo` fits and judges. */
export interface LocalElboOptions {
  readonly key: Key;
  /** Of the normals; `diagonal` by default. */
  readonly covariance?: 'diagonal' | 'full';
  /** Steps of Adam, whose rate falls from `rate` to zero; 1000 by default. */
  readonly steps?: number;
  /** .03 by default. */
  readonly rate?: number;
  /** Draws of z for each row at a step; 10 by default. */
  readonly samples?: number;
  /** Draws of z for each row that the result is judged by; 200 by default. */
  readonly draws?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

/** The ELBO of the best normals, in nats; the mean and its error are over rows. */
export interface LocalElbo {
  readonly elbo: Estimate;
  readonly rows: Float64Array;
}

/** Draws of an encoder's posterior whose moments the fit starts at. */
const startDraws = 64;
const leastVariance = 1e-6;

/**
 * The ELBO of each row under the best normal posterior of its own, fitted to that row alone, whatever the encoder says of
 * it. It splits what an ELBO falls short of log p(x) by (Cremer, Li & Duvenaud 2018, §3): from log p(x) to here is the
 * approximation gap, what a normal cannot do; from here to the encoder's ELBO the amortisation gap, what an encoder does
 * not do though a normal could. Fits begin at the moments of the encoder's draws, and may end in a local optimum.
 *
 * @throws ConfigError for draws or samples that are none.
 */
export async function localElbo(
  model: Model,
  params: Primal,
  batch: Batch,
  {
    key,
    covariance = 'diagonal',
    steps = 1000,
    rate = 0.03,
    samples = 10,
    draws = 200,
    onProgress,
    signal,
  }: LocalElboOptions,
): Promise<LocalElbo> {
  expectCount('localElbo', 'samples', samples, 1);
  expectCount('localElbo', 'draws', draws, 1);
  const joint = jointOf(model, params, batch, { samples, key });
  let fitted: Params | undefined;
  try {
    fitted = await descend(
      startOf(model, params, batch, covariance, fold(key, 'start')),
      adam(cosine({ from: rate, steps })),
      (step) => ({
        loss: (at) => neg(mean<Scalar>(elbos(at, joint, fold(fold(key, 'fit'), step), samples))),
        dispose: () => undefined,
      }),
      { steps, onProgress, signal },
    );
    const rows = new Float64Array(batch.x.shape[0]);
    const judged = Math.ceil(draws / samples);
    for (let i = 0; i < judged; i++) {
      const at = fitted;
      const found = tidy(() => elbos(at, joint, fold(fold(key, 'judge'), i), samples));
      (await found.data<'float32'>()).forEach((value, row) => (rows[row]! += value / judged));
      found.dispose();
    }
    return { elbo: estimateOf(rows), rows };
  } finally {
    joint.dispose();
    if (fitted) disposeTree(fitted);
  }
}

/** Normals with the moments of the encoder's draws; `below` is what a full covariance's factor has below its diagonal. */
function startOf(
  model: Model,
  params: Primal,
  batch: Batch,
  covariance: 'diagonal' | 'full',
  key: Key,
): Params {
  const forward = model.forward(params, batch, { step: 0, key, training: false });
  const [rows, dim] = [batch.x.shape[0], model.prior.dim];
  try {
    return tidy(() => {
      const z = reshape(forward.pass.posterior.sample(key, startDraws), [startDraws, rows, dim]);
      const centre: Tensor2D = mean(z, 0);
      const variance = add(mean(square(sub(z, centre)), 0), leastVariance);
      return {
        mean: keep(centre),
        logVar: keep(log(variance)),
        ...(covariance === 'full' && { below: keep(zeros([rows, dim, dim])) }),
      };
    });
  } finally {
    forward.dispose();
  }
}

/** Each row's ELBO over draws, with its entropy in closed form: `[B]`. */
function elbos(at: Params, joint: Joint, key: Key, samples: number): Tensor1D {
  const [centre, logVar] = [at.mean as Tensor2D, at.logVar as Tensor2D];
  const [rows, dim] = centre.shape;
  const z = fullNormal(centre, factorOf(logVar, at.below as Tensor3D | undefined)).sample(
    key,
    samples,
  );
  const logJoint = mean(reshape(joint.at(z), [samples, rows]), 0);
  const entropy = add(mul(0.5, sum(logVar, 1)), (dim / 2) * Math.log(2 * Math.PI * Math.E));
  return add(logJoint, entropy);
}

/** Lower-triangular factors whose diagonals are exp(½ logVar), `[B, Z, Z]`. */
function factorOf(logVar: Tensor2D, below: Tensor3D | undefined): Tensor3D {
  const [rows, dim] = logVar.shape;
  const diagonal: Tensor3D = mul(reshape(exp(mul(0.5, logVar)), [rows, 1, dim]), eye(dim));
  if (!below) return diagonal;
  const strictly = tensor2d(
    Array.from({ length: dim }, (_, i) => Array.from({ length: dim }, (__, j) => Number(j < i))),
  );
  return add(diagonal, mul(below, strictly));
}
