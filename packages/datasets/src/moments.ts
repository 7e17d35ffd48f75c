import { sizeOf } from '@elbo/core';
import { fold, key } from '@elbo/random';
import type { Dataset } from './dataset.js';

/** The mean and the standard deviation of each value of a row, over rows; `[D]` each, a row being flat. */
export interface Moments {
  readonly mean: readonly number[];
  readonly sd: readonly number[];
}

/** Rows read together. */
const block = 1024;

/**
 * The moments of data whose values may be any numbers, over all rows; `undefined` of data in [0, 1], which need none.
 *
 * Welford's update (1962), so that a mean far from zero takes no digits of a small deviation.
 */
export async function momentsOf(data: Dataset): Promise<Moments | undefined> {
  if (data.binary || data.range === 'unit') return undefined;
  const width = sizeOf(data.shape);
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  const readKey = fold(key(0), 'moments');
  let inUnit = true;
  for (let begin = 0; begin < data.size; begin += block) {
    const rows = Uint32Array.from(
      { length: Math.min(block, data.size - begin) },
      (_, i) => begin + i,
    );
    const { x } = await data.read(rows, fold(readKey, begin));
    for (let i = 0; i < x.length; i++) {
      const value = x[i]!;
      const d = i % width;
      const from = value - mean[d]!;
      mean[d]! += from / (begin + Math.floor(i / width) + 1);
      squares[d]! += from * (value - mean[d]!);
      if (!(value >= 0 && value <= 1)) inUnit = false;
    }
  }
  if (inUnit) return undefined;
  return {
    mean: Array.from(mean),
    sd: Array.from(squares, (sum) => Math.sqrt(sum / data.size)),
  };
}
