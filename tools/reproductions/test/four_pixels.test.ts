import { expect, it } from 'vitest';
import { saidOf } from '../studies/four-pixels/doctor.js';
import type { Doctor, Run } from '../studies/four-pixels/result.js';

const said = (
  claimed: number,
  interval: readonly [number, number],
  more: Partial<Doctor> = {},
  logLikelihood = -1.3973,
): ReturnType<typeof saidOf> =>
  saidOf(
    { verdict: 'trustworthy', claimed, interval, ...more } as Doctor,
    { logLikelihood } as Run,
  );

it('a verdict on kept figures asks whether the interval decides', () => {
  // Seed 2 of AVB: T is .0256 too low, and was called trustworthy.
  const { deviation, verdict } = said(-1.4267, [-1.4782, -1.3901]);
  expect(deviation[0]).toBeCloseTo(-1.4267 + 1.3973, 12);
  expect(deviation[1]).toBeCloseTo(-1.4267 + 1.4782, 12);
  expect(verdict).toBe('unknown');
  // Seed 3: above log p(x) by .0074.
  expect(said(-1.3871, [-1.4721, -1.3862], {}, -1.3945).verdict).toBe('lagging');
  expect(said(-1.4, [-1.404, -1.396], {}, -1.39).verdict).toBe('trustworthy');
  expect(said(-1.4, [-1.38, -1.37]).verdict).toBe('lagging');
});

it('what was judged by the images themselves is told as it is', () => {
  const found = { deviation: [-0.001, null], verdict: 'unknown' } as const;
  expect(said(-1.4, [-1.5, -1.3], found)).toEqual(found);
});
