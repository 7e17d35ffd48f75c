import { describe, expect, it } from 'vitest';
import {
  asSchedule,
  buildSchedule,
  ConfigError,
  constant,
  cosine,
  createRegistry,
  cyclical,
  delayed,
  exponential,
  linear,
  scheduleCategory,
  scheduleConfig,
  scheduleKinds,
  type Config,
  type Schedule,
} from '../src/index.js';

const registry = createRegistry(...scheduleKinds);

/** Each schedule with its values at steps, from the formula. */
const cases: readonly (readonly [string, Schedule, Readonly<Record<number, number>>])[] = [
  ['constant', constant(3), { 0: 3, 1e6: 3 }],
  ['linear', linear({ steps: 10 }), { 0: 0, 1: 0.1, 5: 0.5, 10: 1, 99: 1 }],
  ['linear, falling', linear({ from: 4, to: 2, steps: 4 }), { 0: 4, 1: 3.5, 4: 2, 5: 2 }],
  [
    'cosine',
    cosine({ from: 2, steps: 100 }),
    { 0: 2, 25: 1 + Math.SQRT1_2, 50: 1, 100: 0, 101: 0 },
  ],
  [
    'cosine with a floor and a start',
    cosine({ from: 1, steps: 30, start: 10, floor: 0.1 }),
    { 0: 1, 10: 1, 20: 0.55, 30: 0.1, 40: 0.1 },
  ],
  [
    'exponential',
    exponential({ from: 8, rate: 0.5, every: 10 }),
    { 0: 8, 5: 8 * Math.SQRT1_2, 10: 4, 30: 1 },
  ],
  ['cyclical', cyclical({ period: 8 }), { 0: 0, 1: 0.25, 4: 1, 7: 1, 8: 0, 9: 0.25 }],
  [
    'cyclical, in full',
    cyclical({ period: 10, ramp: 1, from: 1, to: 2 }),
    { 0: 1, 5: 1.5, 9: 1.9, 10: 1 },
  ],
];

describe.each(cases)('%s', (_name, schedule, values) => {
  it('has its values at known steps', () => {
    for (const [step, value] of Object.entries(values))
      expect(schedule.at(Number(step)), `step ${step}`).toBeCloseTo(value, 12);
  });

  it('is built again from its config', () => {
    const config = JSON.parse(JSON.stringify(schedule.config)) as Config;
    const again = registry.build(scheduleCategory, config);
    expect(again.config).toEqual(schedule.config);
    for (const step of [0, 3, 17, 250]) expect(again.at(step)).toBe(schedule.at(step));
  });
});

it('delayed, a schedule is its old self so many steps later, and its first value before', () => {
  const ramp = linear({ from: 2, to: 5, steps: 3 });
  const late = registry.build(scheduleCategory, delayed({ by: 10, schedule: ramp }).config);
  expect([0, 10, 11, 13, 20].map((step) => late.at(step))).toEqual([2, 2, 3, 5, 5]);
});

it('a number stays a number in a config', () => {
  expect(scheduleConfig(0.5)).toBe(0.5);
  expect(buildSchedule(0.5, registry)).toBe(0.5);
  expect(asSchedule(0.5).at(7)).toBe(0.5);
  const ramp = linear({ steps: 3 });
  expect(asSchedule(ramp)).toBe(ramp);
  expect(asSchedule(buildSchedule(scheduleConfig(ramp), registry)).at(1)).toBe(ramp.at(1));
});

it.each([
  () => linear({ steps: 0 }),
  () => cosine({ from: 1, steps: 10, start: 10 }),
  () => exponential({ from: 1, rate: 0, every: 10 }),
  () => exponential({ from: 1, rate: 0.5, every: NaN }),
  () => cyclical({ period: -1 }),
  () => delayed({ by: -1, schedule: linear({ steps: 3 }) }),
  () => cyclical({ period: 1, ramp: 1.5 }),
])('refuses what has no value at some step: %s', (make) => {
  expect(make).toThrow(ConfigError);
});

describe('from a config with what it must have', () => {
  it.each([
    [
      { kind: 'linear', steps: 4 },
      { 0: 0, 2: 0.5, 4: 1 },
    ],
    [
      { kind: 'cosine', from: 2, steps: 4 },
      { 0: 2, 2: 1, 4: 0 },
    ],
    [
      { kind: 'cyclical', period: 8 },
      { 0: 0, 2: 0.5, 4: 1, 7: 1, 8: 0 },
    ],
  ] as readonly [Config, Readonly<Record<number, number>>][])('%o', (config, values) => {
    const { at } = registry.build(scheduleCategory, config);
    for (const [step, value] of Object.entries(values))
      expect(at(Number(step))).toBeCloseTo(value, 12);
  });
});
