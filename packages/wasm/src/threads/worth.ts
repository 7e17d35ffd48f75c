// Whether a call is worth sharing: whether what it saves is more than it takes to begin and end a job, and to move numbers from
// the caches of one core to those of others. Both are measured when threads start. They decide who computes and never
// what, so that they may differ from start to start.
import type { SideModule } from '../side_exports.js';
import { cut } from './cut.js';
import { functionNames } from './job.js';
import type { Pool } from './pool.js';
import type { Rooms } from './rooms.js';

/** Whether a call of so many nanoseconds on one thread, which reads and writes so many bytes, is worth sharing. */
export type Worth = (nanoseconds: number, bytes: number) => boolean;

const rounds = 32;

/** A job must save so many times what it costs. */
const margin = 1.5;

/** Numbers that are moved to see how long that takes: more than the first caches hold. */
const moved = 1 << 16;

const float = Float32Array.BYTES_PER_ELEMENT;

/** The median of how many nanoseconds something takes. */
function timeOf(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[rounds / 2]! * 1e6;
}

/** Measures what sharing costs here. */
export function measureWorth(pool: Pool, side: SideModule, rooms: Rooms): Worth {
  const { threads } = pool;
  const code = functionNames(side).indexOf('clip');
  const x = rooms.common(2 * moved * float);
  const y = x + moved * float;
  const job = (n: number): void => {
    const down = cut(2, n, { parts: threads });
    pool.run({
      code,
      args: [x, y, n],
      down,
      overDown: { 0: down.each * float, 1: down.each * float },
    });
  };
  const alone = timeOf(() => {
    side.clip(x, y, moved, 0, 0);
  });
  const begun = timeOf(() => {
    job(threads);
  });
  const together = timeOf(() => {
    job(moved);
  });
  /** What part of a call others do. */
  const others = 1 - 1 / threads;
  const bytes = 2 * moved * float * others;
  const move = Math.max(0, together - begun - alone / threads) / bytes;
  return (nanoseconds, of) => nanoseconds * others > margin * (begun + of * others * move);
}
