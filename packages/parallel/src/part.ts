import type { BatchRows } from '@elbo/random';

/** The rows of a minibatch of `of` that worker number `worker` of `workers` has: contiguous, of sizes that differ by one at most. */
export function partOf(worker: number, workers: number, of: number): BatchRows {
  const first = Math.floor((of * worker) / workers);
  const end = Math.floor((of * (worker + 1)) / workers);
  return { first, count: end - first, of };
}
