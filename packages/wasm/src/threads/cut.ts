import type { Cut } from './job.js';

/**
 * Cuts `all` into at most `parts` parts of whole units; what is left over is the last one's. A unit is what a loop takes at
 * once: no part is less, so that each does what the whole would do there, to the last bit.
 */
export function cut(
  argument: number,
  all: number,
  { parts, unit = 1, also }: { parts: number; unit?: number; also?: number | undefined },
): Cut {
  const units = Math.max(1, Math.floor(all / unit));
  const each = Math.ceil(units / Math.min(parts, units));
  const count = Math.max(1, Math.floor(units / each));
  // Where the last part would be long, another one is made of it.
  const left = units - count * each;
  const more = left > each / 2 ? 1 : 0;
  return { argument, also, each: each * unit, all, parts: count + more };
}
