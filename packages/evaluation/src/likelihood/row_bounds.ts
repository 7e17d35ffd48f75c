import { type Batch } from '@elbo/objectives';
import { sliceRows } from './slice_rows.js';
import type { LogSum } from './log_sum.js';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';

/** A value of each row from below and from above, in nats. */
export interface RowEnds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Of each row: in expectation over draws, bounds on its own ELBO in nats. */
export interface RowBounds extends RowEnds {
  /** On that ELBO less what is reported at the same draws, of which much falls out; where something is reported. */
  readonly apart?: RowEnds;
}

/** The same, where there may be nothing from above. */
export interface BoundedRows {
  readonly lower: Float64Array;
  readonly upper?: Float64Array;
  readonly apart?: { readonly lower: Float64Array; readonly upper?: Float64Array };
}

const emptyEnds = (rows: number): RowEnds => ({
  lower: new Float64Array(rows),
  upper: new Float64Array(rows),
});

/** Bounds to add draws to. */
export function emptyBounds(rows: number, reported: boolean): RowBounds {
  return { ...emptyEnds(rows), ...(reported && { apart: emptyEnds(rows) }) };
}

/** One draw of a row, at which densities of a mixture's components are known. */
export interface MixtureDraw {
  /** log p(x, z). */
  readonly logJoint: number;
  /** Of J components that z was not drawn from; it is added to. */
  readonly others: LogSum;
  /** J; with none there is no upper bound. */
  readonly components: number;
  /** log q(z|x, ε) of the component that z was drawn from. */
  readonly own: number;
  /** What this draw is of all, 1 by their number. */
  readonly share: number;
  /** The ELBO that is reported at this draw, where one is. */
  readonly reported?: number | undefined;
}

/**
 * Adds a draw to a row's bounds: in place of log q(z|x) stands the logarithm of the mean of J components' densities, with
 * the one that z was drawn from among them, which is too large in expectation (Yin & Zhou 2018, eq. 6), or without it,
 * which is too small (Sobolev & Vetrov 2019, section 3).
 */
export function addDraw(
  bounds: RowBounds,
  row: number,
  { logJoint, others, components, own, share, reported }: MixtureDraw,
): void {
  const from = components > 0 ? logJoint - others.logMean(components) : 0;
  others.add(own);
  addEnds(
    bounds,
    row,
    { lower: logJoint - others.logMean(components + 1), upper: from },
    share,
    reported,
  );
}

/** Adds the ELBO of a draw from both sides, and what it is apart from the reported one. */
export function addEnds(
  { lower, upper, apart }: RowBounds,
  row: number,
  ends: { readonly lower: number; readonly upper: number },
  share: number,
  reported?: number,
): void {
  lower[row]! += share * ends.lower;
  upper[row]! += share * ends.upper;
  if (!apart || reported === undefined) return;
  apart.lower[row]! += share * (ends.lower - reported);
  apart.upper[row]! += share * (ends.upper - reported);
}

/** How the rows of a batch are walked. */
export interface Walk {
  readonly rowsAtOnce: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress: ((share: number) => void) | undefined;
  /** Whether an ELBO is reported at the draws; not by default. */
  readonly reported?: boolean;
}

/** The bounds of all rows, a block of them at a time, and what was found of each block beside. */
export async function boundsByBlocks<B extends RowBounds>(
  batch: Batch,
  { rowsAtOnce, onProgress, reported = false }: Walk,
  ofBlock: (part: Batch, begin: number) => Promise<B>,
): Promise<{ readonly rows: RowBounds; readonly blocks: readonly B[] }> {
  const total = batch.x.shape[0];
  const rows = emptyBounds(total, reported);
  const blocks: B[] = [];
  for (let begin = 0; begin < total; begin += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, total - begin);
    const part = sliceRows(batch, begin, count);
    try {
      const found = await ofBlock(part, begin);
      setEnds(rows, found, begin);
      if (rows.apart && found.apart) setEnds(rows.apart, found.apart, begin);
      blocks.push(found);
    } finally {
      dispose(Object.values(part) as Tensor[]);
    }
    onProgress?.((begin + count) / total);
  }
  return { rows, blocks };
}

function setEnds(all: RowEnds, of: RowEnds, begin: number): void {
  all.lower.set(of.lower, begin);
  all.upper.set(of.upper, begin);
}
