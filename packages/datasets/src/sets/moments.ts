import { leastSd, type ColumnMoments, type DataMoments } from '@elbo/core';
import type { Dataset } from '../dataset.js';
import { inOrder } from '../reading/batches.js';

/** Rows that are read at once. */
const blockSize = 1000;

/** Running moments of the places of an axis, in doubles. */
interface Running {
  readonly mean: Float64Array;
  /** Sums of squared distances from the means. */
  readonly squares: Float64Array;
  count: number;
  least: number;
  most: number;
}

/**
 * The means and standard deviations of unbounded data, one for each place of the last axis (a column, a channel), as
 * `standardised` takes them; those of the conditions beside, where these are unbounded. A place whose values are all equal
 * has the standard deviation 1. It reads every row once.
 *
 * @returns undefined of data in [0, 1], which stay as they are; unless all are below 1/256, too little for pixels.
 */
export async function momentsOf(data: Dataset): Promise<DataMoments | undefined> {
  if (data.binary || data.alphabet || data.range === 'unit') return undefined;
  const x = running(data.shape.at(-1) ?? 1);
  const condition = running(data.conditions ?? 1);
  for (const { rows, key } of inOrder(data, { batchSize: blockSize })) {
    const read = await data.read(rows, key);
    include(x, read.x);
    if (read.condition) include(condition, read.condition);
  }
  if (inUnit(x)) return undefined;
  const ofCondition = condition.count > 0 && !inUnit(condition);
  return { ...finished(x), ...(ofCondition && { condition: finished(condition) }) };
}

function running(places: number): Running {
  const [mean, squares] = [new Float64Array(places), new Float64Array(places)];
  return { mean, squares, count: 0, least: Infinity, most: -Infinity };
}

/** Adds a block: its own moments in two passes, then both together (Chan, Golub & LeVeque 1979, eq. 2.1). */
function include(all: Running, values: Float32Array): void {
  const places = all.mean.length;
  const count = values.length / places;
  const mean = new Float64Array(places);
  const squares = new Float64Array(places);
  for (let i = 0; i < values.length; i++) mean[i % places]! += values[i]!;
  for (let place = 0; place < places; place++) mean[place]! /= count;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    squares[i % places]! += (value - mean[i % places]!) ** 2;
    if (value < all.least) all.least = value;
    if (value > all.most) all.most = value;
  }
  const total = all.count + count;
  for (let place = 0; place < places; place++) {
    const apart = mean[place]! - all.mean[place]!;
    all.mean[place]! += (apart * count) / total;
    all.squares[place]! += squares[place]! + (apart ** 2 * all.count * count) / total;
  }
  all.count = total;
}

/** Whether values fill [0, 1] as pixels do, of which the least that is not 0 is 1/255; or are 0 all of them. */
const inUnit = ({ least, most }: Running): boolean =>
  least >= 0 && most <= 1 && (most === 0 || most >= 1 / 256);

function finished({ mean, squares, count }: Running): ColumnMoments {
  const sd = Array.from(squares, (sum) => Math.sqrt(sum / count));
  return { mean: [...mean], sd: sd.map((one) => (one >= leastSd ? one : 1)) };
}
