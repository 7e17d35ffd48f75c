import { CompositionError, standardNormal } from '@elbo/core';
import { inputGradient, scope } from '@elbo/gradients';
import { sliceRows, type Batch, type Model, type Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import {
  add,
  dispose,
  keep,
  slice,
  stack,
  sub,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { estimateOf, type Estimate } from '../estimate.js';
import { logDeterminant } from './determinant.js';

/** How `transportElbo` estimates. */
export interface TransportOptions {
  readonly key: Key;
  /** Draws of z for each row; 20 by default. */
  readonly draws?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between draws of a block of rows. */
  readonly signal?: AbortSignal;
}

/** A lower bound on the ELBO in nats; the mean and the error are over rows. */
export interface TransportElbo {
  readonly lower: Estimate;
  /** Of each row: in expectation over draws, at most its own ELBO. */
  readonly rows: { readonly lower: Float64Array };
  /** The share of draws at which the determinant has another sign than at most draws of its row: unless 0, no bound. */
  readonly folded: number;
}

const rowsAtOnce = 250;

/**
 * The ELBO of a posterior that moves normal noise, from below and without a discriminator: with its other noise ε₂ held,
 * z = f(ε; x, ε₂) has the density log q(z|x, ε₂) = log N(ε; 0, I) − log |det ∂f/∂ε| where f is one-to-one, and
 * E log q(z|x) ≤ E log q(z|x, ε₂), as what is given more noise is known better. Without ε₂, or where it does nothing, the
 * bound is the ELBO itself.
 *
 * A smooth map that is unbounded in every direction, as `anchoredEncoder`'s is, is one-to-one if its determinant is
 * nowhere 0 (Hadamard's global inverse theorem), so of one sign: `folded` says how often it was seen not to be.
 *
 * @throws CompositionError for a posterior that is no such map: `anchoredEncoder`'s is.
 */
export async function transportElbo(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, draws = 20, onProgress, signal }: TransportOptions,
): Promise<TransportElbo> {
  const total = batch.x.shape[0];
  const lower = new Float64Array(total);
  let folded = 0;
  for (let begin = 0; begin < total; begin += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, total - begin);
    const part = sliceRows(batch, begin, count);
    try {
      const found = await ofBlock(model, params, part, { key: fold(key, begin), draws, signal });
      lower.set(found.lower, begin);
      folded += found.folded / (total * draws);
    } finally {
      dispose(Object.values(part) as Tensor[]);
    }
    onProgress?.((begin + count) / total);
  }
  return { lower: estimateOf(lower), rows: { lower }, folded };
}

async function ofBlock(
  model: Model,
  params: Primal,
  batch: Batch,
  {
    key,
    draws,
    signal,
  }: { readonly key: Key; readonly draws: number; readonly signal: AbortSignal | undefined },
): Promise<{ readonly lower: Float64Array; readonly folded: number }> {
  const rows = batch.x.shape[0];
  const lower = new Float64Array(rows);
  const reversed = new Uint32Array(rows);
  const open = model.open(params, batch, { step: 0, key, training: false });
  try {
    const { pass } = open;
    const { posterior, prior } = scope(() => ({ posterior: pass.posterior, prior: pass.prior }));
    if (!posterior.transport)
      throw new CompositionError(
        'transportElbo: this posterior does not move normal noise. Take an anchoredEncoder, or a discriminator’s estimate with diagnose.',
      );
    const { transport } = posterior;
    for (let draw = 0; draw < draws; draw++) {
      signal?.throwIfAborted();
      const { unmoved, slopes } = tidy(() => {
        const { base, place } = transport(fold(fold(key, 'draw'), draw));
        const z = place(base);
        const logJoint = add(pass.decode(z).logProb(pass.x), prior.logProb(z));
        const logNoise = standardNormal(base.shape[1]).logProb(base);
        return { unmoved: keep(sub(logJoint, logNoise)), slopes: keep(jacobians(place, base)) };
      });
      try {
        const [values, slopesOfRows] = await Promise.all([unmoved.data(), slopes.data()]);
        const dim = slopes.shape[2]!;
        for (let row = 0; row < rows; row++) {
          const slope = slopesOfRows.subarray(row * dim * dim, (row + 1) * dim * dim);
          const { log, sign } = logDeterminant(slope, dim);
          if (sign <= 0) reversed[row]!++;
          lower[row]! += (values[row]! + log) / draws;
        }
      } finally {
        dispose([unmoved, slopes]);
      }
    }
    const rarer = reversed.map((count) => Math.min(count, draws - count));
    return { lower, folded: rarer.reduce((a, b) => a + b, 0) };
  } finally {
    open.dispose();
  }
}

/** ∂z_i/∂ε_j of each row, `[B, Z, Z]`: a pass backwards for each i. */
function jacobians(place: (base: Tensor2D) => Tensor2D, base: Tensor2D): Tensor {
  const [rows, dim] = base.shape;
  const slopesOf = (i: number): Tensor =>
    inputGradient((at) => slice(place(at as Tensor2D), [0, i], [rows, 1]), base);
  return stack(
    Array.from({ length: dim }, (_, i) => slopesOf(i)),
    1,
  );
}
