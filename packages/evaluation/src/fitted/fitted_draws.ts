import { DataError } from '@elbo/core';
import type { Batch, Model, Primal } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import { sliceRows } from '../likelihood/slice_rows.js';
import { gaussianFit } from './gaussian.js';
import { cholesky } from './lower_triangle.js';
import { momentsOf, shrunk, type Moments } from './moments.js';
import { refitByRounds } from './rounds.js';
import { posteriorRowDraws, priorRowDraws } from './row_draws.js';
import type { StudentMixture } from './student_mixture.js';
import { targetOf } from './target.js';
import { drawWeighed, type Block, type Draws } from './weighing.js';

/** How many draws of each row, and how. */
export interface FittedOptions {
  readonly key: Key;
  readonly samples: number;
  readonly chunk: number;
  readonly onProgress: ((share: number) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Draws of the encoder and the prior whose moments a fit starts at. */
const startDraws = 64;
/** A standard deviation is at least this share of the prior's: an encoder may have collapsed to points. */
const leastScale = 0.03;
/** A normal that is nearest in KL(q ‖ p) is narrower than p. */
const widening = 1.15;
/** Of the encoder's own moments in the mixture, where they may hold a mode that the fit left. */
const encoderShare = 0.2;
/** Of the draws at the end that come from the prior: no weight exceeds p(x|z) by more than a factor of 1/α. */
const priorShare = 0.02;
/** Draws of each row at the end that are held at once. */
const drawsAtOnce = 1000;
/** The share of the work that fitting is. */
const fitting = 0.4;
/** How many rows at most are fitted together: bounds the memory of their draws. */
const mostRows = 64;

/**
 * Weighed draws of p(z|x) of each row: of a proposal that is fitted to the row, a mixture of t distributions, by gradients
 * (`gaussianFit`) and where those do not suffice by weights (`refitByRounds`), and of the prior, so that weights are bounded.
 * They are drawn afresh, of the fitted proposal: the mean of the weights is p(x) without bias.
 *
 * @param visit takes the draws of a row, some at a time, until there were `samples`; rows come in parts, in order.
 */
export async function fittedDraws(
  model: Model,
  params: Primal,
  batch: Batch,
  { key, samples, chunk, onProgress, signal }: FittedOptions,
  visit: (row: number, draws: Draws) => void,
): Promise<void> {
  const total = batch.x.shape[0];
  const dim = model.prior.dim;
  const atOnce = Math.max(1, Math.min(mostRows, Math.floor(chunk / (2 * dim))));
  for (let first = 0; first < total; first += atOnce) {
    const count = Math.min(atOnce, total - first);
    const part = { first, count, of: first + count };
    const rows = sliceRows(batch, first, count);
    try {
      const target = targetOf(model, params, rows, { key, chunk, begin: first, signal });
      const block: Block = { model, params, batch: rows, target, part, key };
      const mixtures = await refitByRounds(block, await startingMixtures(block), priorShare);
      onProgress?.((first + count * fitting) / total);
      for (let done = 0; done < samples; done += drawsAtOnce) {
        const size = Math.min(drawsAtOnce, samples - done);
        const name = `importance ${done}`;
        const drawn = await drawWeighed(block, name, mixtures, { count: size, priorShare });
        for (const [row, draws] of drawn) visit(first + row, draws);
        onProgress?.(
          (first + count * (fitting + ((1 - fitting) * (done + size)) / samples)) / total,
        );
      }
    } finally {
      dispose(Object.values(rows));
    }
  }
}

/** Of each row, the t with the moments that gradients find, and one with those of the encoder's draws. */
async function startingMixtures(block: Block): Promise<ReadonlyMap<number, StudentMixture>> {
  const { model, params, batch, target, part } = block;
  const { dim, rows } = target;
  const drawing = { key: fold(block.key, 'start'), part, each: startDraws };
  const [encoded, prior] = [
    await posteriorRowDraws(model, params, batch, drawing),
    await priorRowDraws(model, params, {
      ...drawing,
      rows: Array.from({ length: rows }, (_, row) => row),
    }),
  ];
  const width = startDraws * dim;
  const start = Array.from({ length: rows }, (_, row): Moments => {
    const own = momentsOf(encoded.subarray(row * width, (row + 1) * width), dim);
    if (!own.covariance.every(Number.isFinite))
      throw new DataError(
        `logLikelihood: the encoder’s draws of z for row ${part.first + row} are not finite.`,
      );
    const wide = momentsOf(prior.subarray(row * width, (row + 1) * width), dim);
    const least = own.mean.map((__, i) => leastScale ** 2 * wide.covariance[i * dim + i]!);
    return shrunk(own, startDraws, least);
  });
  const keys = start.map((_, row) => fold(drawing.key, part.first + row));
  const fitted = await gaussianFit(target, start, keys);
  // In many dimensions heavy tails cost most draws: of a normal target ν = Z leaves 82 % of them effective, ν = 2 Z 93 %.
  const dof = Math.max(8, 2 * dim);
  return new Map(
    fitted.map((moments, row) => [
      row,
      {
        dim,
        dof,
        components: [
          { ...studentOf(moments), weight: 1 - encoderShare },
          { ...studentOf(start[row]!), weight: encoderShare },
        ],
      },
    ]),
  );
}

function studentOf({ mean, covariance }: Moments): {
  readonly mean: Float64Array;
  readonly factor: Float64Array;
} {
  const dim = mean.length;
  return {
    mean,
    factor: cholesky(
      covariance.map((value) => widening * value),
      dim,
    )!,
  };
}
