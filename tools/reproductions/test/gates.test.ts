import { expect, it } from 'vitest';
import { atLeast, atMost, gate, noneMissed, sayGates, within } from '../common/gates.js';
import { around, exactly, overSeeds } from '../common/intervals.js';

it.each([
  [atLeast(1), around(2, 0.5), 'holds'],
  [atLeast(1), around(1.2, 0.5), 'not decided'],
  [atLeast(1), around(0, 0.5), 'missed'],
  [atMost(1), around(0, 0.5), 'holds'],
  [atMost(1), around(0.8, 0.5), 'not decided'],
  [atMost(1), around(2, 0.5), 'missed'],
  [within(0, 1), around(0.2, 0.5), 'holds'],
  [within(0, 1), around(0.8, 0.5), 'not decided'],
  [within(0, 1), around(0, 5), 'not decided'],
  [within(0, 1), around(-2, 0.5), 'missed'],
  [within(0, 1), around(2, 0.5), 'missed'],
  [atLeast(1), exactly(1), 'holds'],
  [atLeast(1), overSeeds([5]), 'not decided'],
] as const)(
  'a bound is kept by all of an interval, by none, or by a part',
  (bound, interval, verdict) => {
    expect(gate('it', interval, bound).verdict).toBe(verdict);
  },
);

it('errors of five seeds that cancel in the mean do not hold', () => {
  const excess = [-0.0025, -0.0044, -0.0256, 0.0098, 0.0093];
  const bound = within(0, 0.005);
  expect(bound.verdict(exactly(overSeeds(excess).mean))).toBe('holds');
  expect(bound.verdict(overSeeds(excess))).toBe('not decided');
  const each = excess.map((value, seed) => gate(`seed ${seed}`, exactly(value), bound));
  expect(each.map(({ verdict }) => verdict)).toEqual([
    'holds',
    'holds',
    'missed',
    'missed',
    'missed',
  ]);
  expect(noneMissed(each)).toBe(false);
});

it('what is not decided is said', () => {
  const open = gate('x', around(0.9, 0.5), atLeast(1));
  expect(noneMissed([open])).toBe(true);
  expect(sayGates([open])).toContain('**Not decided:** x 0.9000 (0.4000 to 1.4000), required ≥ 1.');
  expect(sayGates([gate('x', exactly(2), atLeast(1))])).toContain(
    'Everything that is required holds',
  );
});
