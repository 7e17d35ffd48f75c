import { CompositionError, macrotask, repeatBatch, standardNormal } from '@elbo/core';
import { inputGradient, scope } from '@elbo/gradients';
import type { Batch, ForwardPass, Model, Primal, Sampled, Transport } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import {
  add,
  dispose,
  keep,
  slice,
  stack,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { logDeterminant } from './determinant.js';
import { LogSum } from './log_sum.js';
import { reportedAt, type ReportedElbo } from './reported.js';
import {
  addDraw,
  boundsByBlocks,
  emptyBounds,
  type BoundedRows,
  type RowBounds,
} from './row_bounds.js';

/** How `transportElbo` estimates. */
export interface TransportOptions {
  readonly key: Key;
  /** Draws of z for each row; 20 by default. */
  readonly draws?: number;
  /** J, the draws of the other noise that a density is averaged over, of maps that can be inverted; none by default. */
  readonly components?: number;
  /** The ELBO that is reported of a pass, `[B]`: what the bounds are apart from it, at the same draws, is found too. */
  readonly reported?: ReportedElbo;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Aborts between draws of a block of rows. */
  readonly signal?: AbortSignal;
}

/** Bounds on the ELBO in nats; the means and errors are over rows. */
export interface TransportElbo {
  readonly lower: Estimate;
  /** Where there are components. */
  readonly upper?: Estimate;
  /** Of each row: in expectation over draws, bounds on its own ELBO. */
  readonly rows: BoundedRows;
  /** The share of draws at which the determinant has another sign than at most draws of its row: unless 0, no bound. */
  readonly folded: number;
}

const rowsAtOnce = 250;
const componentsAtOnce = 25;
/** Steps of an inversion: at a contraction by .9 they leave .2 % of the first one's error, mostly far less. */
const inversions = 60;

/**
 * The ELBO of a posterior that moves normal noise, from below and without a discriminator: with its other noise ε₂ held,
 * z = f(ε; x, ε₂) has the density log q(z|x, ε₂) = log N(ε; 0, I) − log |det ∂f/∂ε| where f is one-to-one, and
 * E log q(z|x) ≤ E log q(z|x, ε₂), as what is given more noise is known better. Without ε₂, or where it does nothing, the
 * bound is the ELBO itself. Else, where the map can be inverted, q(z|x) is a mixture over ε₂ like another: with J
 * `components` the bounds are those of `semiImplicitElbo`, from both sides.
 *
 * A smooth map that is unbounded in every direction, as `anchoredEncoder`'s is, is one-to-one if its determinant is
 * nowhere 0 (Hadamard's global inverse theorem), so of one sign: `folded` says how often it was seen not to be.
 *
 * @throws CompositionError for a posterior that is no such map: `anchoredEncoder`'s is; ConfigError for draws that are none.
 */
export async function transportElbo(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, draws = 20, components = 0, reported, onProgress, signal }: TransportOptions,
): Promise<TransportElbo> {
  expectCount('transportElbo', 'draws', draws, 1);
  expectCount('transportElbo', 'components', components, 0);
  const walk = { rowsAtOnce, onProgress, reported: reported !== undefined };
  const { rows, blocks } = await boundsByBlocks(batch, walk, (part, begin) =>
    ofBlock(model, params, part, { key: fold(key, begin), draws, components, reported, signal }),
  );
  const folds = blocks.reduce((sum, block) => sum + block.folds, 0);
  const folded = folds / (batch.x.shape[0] * draws);
  const lower = estimateOf(rows.lower);
  return components === 0
    ? { lower, rows: fromBelow(rows), folded }
    : { lower, upper: estimateOf(rows.upper), rows, folded };
}

/** Without a bound from above. */
const fromBelow = ({ lower, apart }: RowBounds): BoundedRows => ({
  lower,
  ...(apart && { apart: { lower: apart.lower } }),
});

interface BlockOptions {
  readonly key: Key;
  readonly draws: number;
  readonly components: number;
  readonly reported: ReportedElbo | undefined;
  readonly signal: AbortSignal | undefined;
}

async function ofBlock(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, draws, components, reported, signal }: BlockOptions,
): Promise<RowBounds & { readonly folds: number }> {
  const rows = batch.x.shape[0];
  const bounds = emptyBounds(rows, reported !== undefined);
  const reversed = new Uint32Array(rows);
  const again = (noise: Key): ForwardPass =>
    model.forward(params, batch, { step: 0, key: noise, training: false });
  const forward = again(key);
  try {
    const { pass } = forward;
    const { posterior, prior } = scope(() => ({ posterior: pass.posterior, prior: pass.prior }));
    const { transport } = posterior;
    if (!transport)
      throw new CompositionError(
        'transportElbo: this posterior does not move normal noise. Take an anchoredEncoder, or a discriminator’s estimate with diagnose.',
      );
    for (let draw = 0; draw < draws; draw++) {
      signal?.throwIfAborted();
      const at = fold(fold(key, 'draw'), draw);
      const { z, joint, own } = tidy(() => {
        const moved = transport(at);
        const drawn = moved.place(moved.base);
        const logJoint = add(pass.decode(drawn).logProb(pass.x), prior.logProb(drawn));
        return { z: keep(drawn), joint: keep(logJoint), own: kept(moved, moved.base) };
      });
      try {
        const [logJoint, ofOwn] = [await joint.data(), await logDensities(own)];
        const elbos = reported && (await reportedAt(reported, again(at), z));
        const sums = Array.from({ length: rows }, () => new LogSum());
        for (let done = 0; done < components; done += componentsAtOnce) {
          const count = Math.min(componentsAtOnce, components - done);
          const others = await densitiesOf(transport, z, count, fold(fold(at, 'others'), done));
          others.forEach((value, i) => {
            sums[i % rows]!.add(value);
          });
          await macrotask();
        }
        sums.forEach((others, row) => {
          addDraw(bounds, row, {
            logJoint: logJoint[row]!,
            others,
            components,
            own: ofOwn.logs[row]!,
            share: 1 / draws,
            reported: elbos?.[row],
          });
          if (ofOwn.signs[row]! <= 0) reversed[row]!++;
        });
      } finally {
        dispose([z, joint, own.logNoise, own.slopes]);
      }
    }
    const rarer = reversed.map((count) => Math.min(count, draws - count));
    return { ...bounds, folds: rarer.reduce((a, b) => a + b, 0) };
  } finally {
    forward.dispose();
  }
}

/** log N(ε; 0, I) `[N]` and the map's slopes at ε `[N, Z, Z]`, kept. */
type Moved = Readonly<{ logNoise: Tensor1D; slopes: Tensor }>;

function kept({ place }: Transport, base: Tensor2D): Moved {
  return {
    logNoise: keep(standardNormal(base.shape[1]).logProb(base)),
    slopes: keep(jacobians(place, base)),
  };
}

/** log q(z|x, ε₂) of each, and the sign of its determinant. */
async function logDensities({ logNoise, slopes }: Moved): Promise<{
  readonly logs: Float64Array;
  readonly signs: Int8Array;
}> {
  const [noise, all] = await Promise.all([logNoise.data(), slopes.data()]);
  const dim = slopes.shape[2]!;
  const logs = Float64Array.from(noise);
  const signs = new Int8Array(noise.length);
  for (let i = 0; i < noise.length; i++) {
    const slope = all.subarray(i * dim * dim, (i + 1) * dim * dim);
    const { log, sign } = logDeterminant(slope, dim);
    logs[i]! -= log;
    signs[i] = sign;
  }
  return { logs, signs };
}

/** The ε that a map takes to z. */
function inverted(towards: NonNullable<Transport['towards']>, z: Tensor2D): Tensor2D {
  let base = z;
  for (let i = 0; i < inversions; i++) base = tidy(() => towards(z, base));
  return base;
}

/** log q(z|x, ε₂) at `count` fresh draws of ε₂ for each row, sample-major. */
async function densitiesOf(
  transport: NonNullable<Sampled['transport']>,
  z: Tensor2D,
  count: number,
  key: Key,
): Promise<Float64Array> {
  const moved = tidy(() => {
    const map = transport(key, count);
    if (!map.towards)
      throw new CompositionError(
        'transportElbo: this posterior’s map cannot be inverted, which components need. Take an anchoredEncoder with lipschitz below 1, or no components.',
      );
    return kept(map, inverted(map.towards, repeatBatch(z, count)));
  });
  try {
    return (await logDensities(moved)).logs;
  } finally {
    dispose([moved.logNoise, moved.slopes]);
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
