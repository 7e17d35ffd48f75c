import { key, normal } from '@elbo/random';
import { expect, it } from 'vitest';
import type { Judged } from '../studies/diagnosis/result.js';
import { holds, scoreOf, standingOf, verdictAlone, wilson } from '../studies/diagnosis/scores.js';
import { klOf } from '../studies/diagnosis/truth.js';

const model = (
  deviation: number,
  verdict: Judged['verdict'],
  divergence = 2,
  disagreement = 0.0001,
): Judged =>
  ({ truth: { elbo: -1, divergence, deviation, disagreement }, verdict }) as unknown as Judged;

it('calls a verdict right by what is true, on either side of 1 % of the divergence', () => {
  // Of 2 nat .02 matters, and of little .01.
  const standing = (by: number, divergence = 2): string =>
    standingOf(model(by, 'unknown', divergence));
  expect([0.019, -0.019, 0.021, -0.021].map((by) => standing(by))).toEqual([
    'within',
    'within',
    'off',
    'off',
  ]);
  expect(standing(0.011, 0)).toBe('off');
  expect(standing(0.009, 0)).toBe('within');
  expect(scoreOf(model(0, 'trustworthy'))).toBe('right');
  expect(scoreOf(model(0.3, 'trustworthy'))).toBe('wrong');
  for (const verdict of ['lagging', 'saturated'] as const) {
    expect(scoreOf(model(0.3, verdict))).toBe('right');
    expect(scoreOf(model(0, verdict))).toBe('wrong');
  }
  expect(scoreOf(model(0.3, 'unknown'))).toBe('unknown');
});

it('judges nothing where the truth is too rough', () => {
  for (const by of [0.021, 0.019, -0.021]) {
    expect(standingOf(model(by, 'trustworthy', 2, 0.002))).toBe('not known');
    expect(scoreOf(model(by, 'trustworthy', 2, 0.002))).toBe('not judged');
  }
  expect(scoreOf(model(0.023, 'trustworthy', 2, 0.002))).toBe('wrong');
});

it('knows what fresh discriminators alone would have said', () => {
  const alone = (from: number, to: number, rest: Partial<Judged> = {}): string =>
    verdictAlone({
      kind: 'good',
      effectiveDraws: 1000,
      tolerance: 0.01,
      accuracy: 0.6,
      fresh: { deviation: [from, to], counts: true },
      ...rest,
    } as Judged);
  expect(alone(-0.01, 0.01)).toBe('trustworthy');
  expect(alone(-0.01, 0.02)).toBe('unknown');
  expect(alone(0.02, 0.03)).toBe('lagging');
  expect(alone(-0.03, -0.02)).toBe('lagging');
  expect(alone(-0.01, 0.02, { accuracy: 0.96 })).toBe('saturated');
  expect(alone(0.02, 0.03, { effectiveDraws: 99 })).toBe('unknown');
  expect(alone(0.02, 0.03, { kind: 'few rows' })).toBe('unknown');
});

it('holds the truth in an interval whose end is not known', () => {
  expect(holds([null, null], model(5, 'unknown'))).toBe(true);
  expect(holds([null, 4], model(5, 'unknown'))).toBe(false);
  expect(holds([4, null], model(5, 'unknown'))).toBe(true);
  expect(holds([5, 5], model(5, 'unknown'))).toBe(true);
  expect(holds([5.01, 6], model(5, 'unknown'))).toBe(false);
  expect(holds([5.01, 6], model(5, 'unknown', 2, 0.02))).toBe(true);
});

it('knows how sure a share is', () => {
  // Of none of ten z² / (10 + z²).
  const [least, most] = wilson(0, 10);
  expect(least).toBeCloseTo(0, 12);
  expect(most).toBeCloseTo(1.96 ** 2 / (10 + 1.96 ** 2), 12);
});

it('finds the divergence of a normal by nearest neighbours', () => {
  // Of N((1, 0), .5² I): ½ (1 + 2 · .25 − 2) + 2 log 2. Its error is about 1 / √n.
  const points = normal(key(1), 40_000).map((z, i) => 0.5 * z + (i % 2 === 0 ? 1 : 0));
  expect(Math.abs(klOf(points) - (-0.25 + 2 * Math.LN2))).toBeLessThan(0.03);
});
