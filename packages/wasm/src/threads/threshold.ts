import { functionNames } from './job.js';
import type { Pool } from './pool.js';
import type { SideModule } from '../side_module.js';

const rounds = 64;

/** A job must last so many times as long as beginning and ending one takes, or it is not shared. */
const worth = 4;

/**
 * The nanoseconds of work on one thread that are worth sharing, from how long a job without work takes here. It decides who
 * computes and never what, so that it may differ from start to start.
 */
export function measureThreshold(pool: Pool, side: SideModule): number {
  const code = functionNames(side).indexOf('clip');
  const nothing = { argument: 2, each: 0, all: 0, parts: pool.threads };
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    pool.run({ code, args: [], down: nothing, overDown: {} });
    return performance.now() - start;
  });
  const median = times.sort((a, b) => a - b)[rounds / 2]!;
  return worth * median * 1e6;
}
