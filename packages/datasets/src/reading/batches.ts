import { fold, permutation, type Key } from '@elbo/random';
import { expectCount, keyOf, mostNumbers } from '../checks.js';

/** What to read for one step: `dataset.read(rows, key)`. */
export interface RowBatch {
  readonly rows: Uint32Array;
  /** The key of this read's augmentation. */
  readonly key: Key;
}

/** An endless, seeded order of a dataset's rows, by step. */
export interface Batches {
  /** Batches in an epoch; not whole when the batch size does not divide the size. */
  readonly perEpoch: number;
  /** The batch of a step: a function of (seed, step) only, whatever was asked for before. */
  at(step: number): RowBatch;
}

/** The size of batches, and the seed of their order and keys. */
export interface BatchOptions {
  readonly batchSize: number;
  readonly seed?: number;
}

/** Epochs of a small set are ordered together, as one permutation costs a dozen microseconds however short. */
const rowsPerRound = 4096;

/**
 * The orders of `epochs` epochs in turn, each a permutation of the rows, from one permutation of all their places: what
 * a random order leaves of each epoch is a random order of it, and independent of the others.
 */
function orderRound(source: Key, size: number, epochs: number): Uint32Array {
  const mixed = permutation(source, size * epochs);
  if (epochs === 1) return mixed;
  const order = new Uint32Array(size * epochs);
  const filled = new Uint32Array(epochs);
  for (const place of mixed) {
    const epoch = Math.floor(place / size);
    order[epoch * size + filled[epoch]!++] = place % size;
  }
  return order;
}

/**
 * Batches of a dataset in random order, without copying it: an endless run of epochs, each a fresh permutation of the
 * rows, cut into batches without regard to where an epoch ends. So every row is seen equally often, and a batch larger
 * than the dataset repeats its rows evenly.
 *
 * @throws ConfigError for a batch size that is no positive whole number.
 *
 * @example
 * ```ts
 * import { batches, fourPixels } from '@elbo/datasets';
 *
 * const data = fourPixels();
 * const { rows, key } = batches(data, { batchSize: 8, seed: 7 }).at(0);
 * console.log(rows.length, (await data.read(rows, key)).x.length); // 8 32
 * ```
 */
export function batches(
  { size }: { readonly size: number },
  { batchSize, seed = 0 }: BatchOptions,
): Batches {
  expectCount(size, 'batches: the size of the dataset', 1, mostNumbers);
  expectCount(batchSize, 'batches: batchSize', 1, mostNumbers);
  const orderKey = fold(keyOf(seed, 'batches'), 'order');
  const readKey = fold(keyOf(seed, 'batches'), 'read');
  const epochs = Math.max(1, Math.floor(rowsPerRound / size));
  const roundSize = size * epochs;
  // Steps mostly come in turn, so the next one starts in the round where the last one ended.
  let last: { readonly round: number; readonly order: Uint32Array } = {
    round: -1,
    order: new Uint32Array(),
  };
  return {
    perEpoch: size / batchSize,
    at: (step) => {
      expectCount(step, 'batches: step', 0);
      const rows = new Uint32Array(batchSize);
      let filled = 0;
      while (filled < batchSize) {
        const position = step * batchSize + filled;
        const round = Math.floor(position / roundSize);
        if (last.round !== round)
          last = { round, order: orderRound(fold(orderKey, round), size, epochs) };
        const from = position - round * roundSize;
        const count = Math.min(roundSize - from, batchSize - filled);
        rows.set(last.order.subarray(from, from + count), filled);
        filled += count;
      }
      return { rows, key: fold(readKey, step) };
    },
  };
}

/**
 * Every row once, in order; the last batch may be smaller. The keys are the same at every pass, so that two passes read the
 * same values.
 */
export function* inOrder(
  { size }: { readonly size: number },
  { batchSize, seed = 0 }: BatchOptions,
): Generator<RowBatch, void, undefined> {
  expectCount(batchSize, 'inOrder: batchSize');
  const readKey = fold(keyOf(seed, 'batches'), 'in-order');
  for (let from = 0; from < size; from += batchSize) {
    const rows = Uint32Array.from({ length: Math.min(batchSize, size - from) }, (_, i) => from + i);
    yield { rows, key: fold(readKey, from) };
  }
}
