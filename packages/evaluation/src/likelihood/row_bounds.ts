import { type Batch } from '@elbo/objectives';
import { sliceRows } from './slice_rows.js';
import type { LogSum } from './log_sum.js';
import { dispose, type Tensor } from '@tensorflow/tfjs-core';

/** Of each row: in expectation over draws, bounds on its own ELBO in nats. */
export interface RowBounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Bounds to add draws to. */
export function emptyBounds(rows: number): RowBounds {
  return { lower: new Float64Array(rows), upper: new Float64Array(rows) };
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
}

/**
 * Adds a draw to a row's bounds: in place of log q(z|x) stands the logarithm of the mean of J components' densities, with
 * the one that z was drawn from among them, which is too large in expectation (Yin & Zhou 2018, eq. 6), or without it,
 * which is too small (Sobolev & Vetrov 2019, section 3).
 */
export function addDraw(
  { lower, upper }: RowBounds,
  row: number,
  { logJoint, others, components, own, share }: MixtureDraw,
): void {
  if (components > 0) upper[row]! += share * (logJoint - others.logMean(components));
  others.add(own);
  lower[row]! += share * (logJoint - others.logMean(components + 1));
}

/** How the rows of a batch are walked. */
export interface Walk {
  readonly rowsAtOnce: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress: ((share: number) => void) | undefined;
}

/** The bounds of all rows, a block of them at a time, and what was found of each block beside. */
export async function boundsByBlocks<B extends RowBounds>(
  batch: Batch,
  { rowsAtOnce, onProgress }: Walk,
  ofBlock: (part: Batch, begin: number) => Promise<B>,
): Promise<{ readonly rows: RowBounds; readonly blocks: readonly B[] }> {
  const total = batch.x.shape[0];
  const rows = emptyBounds(total);
  const blocks: B[] = [];
  for (let begin = 0; begin < total; begin += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, total - begin);
    const part = sliceRows(batch, begin, count);
    try {
      const found = await ofBlock(part, begin);
      rows.lower.set(found.lower, begin);
      rows.upper.set(found.upper, begin);
      blocks.push(found);
    } finally {
      dispose(Object.values(part) as Tensor[]);
    }
    onProgress?.((begin + count) / total);
  }
  return { rows, blocks };
}
