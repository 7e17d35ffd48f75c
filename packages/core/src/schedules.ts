import * as v from 'valibot';
import type { Config } from './config.js';
import { ConfigError } from './errors.js';
import { expectGiven } from './expect_given.js';
import {
  category,
  defineKind,
  nested,
  type Category,
  type Kind,
  type Registry,
} from './registry.js';

/** A number that depends on the step only: a learning rate, or the weight of a term. */
export interface Schedule {
  readonly config: Config;
  at(step: number): number;
}

/** The category of schedules. */
export const scheduleCategory: Category<Schedule> = category('schedule');

function expect(holds: boolean, rule: string): void {
  if (!holds) throw new ConfigError(`${rule}.`);
}

/** The same value at every step. */
export function constant(value: number): Schedule {
  return { config: { kind: 'constant', value }, at: () => value };
}

/**
 * From `from` to `to` in a straight line over `steps`, then `to`.
 *
 * @throws ConfigError when `steps` is not positive.
 *
 * @example
 * ```ts
 * import { linear } from '@elbo/core';
 *
 * const warmUp = linear({ from: 0, to: 1, steps: 1000 });
 * console.log([0, 500, 2000].map((step) => warmUp.at(step))); // [ 0, 0.5, 1 ]
 * ```
 */
export function linear(options: { from?: number; to?: number; steps: number }): Schedule {
  expectGiven('linear', options, 'steps');
  const { from = 0, to = 1, steps } = options;
  expect(steps > 0, `linear: 'steps' must be above 0, not ${steps}`);
  return {
    config: { kind: 'linear', from, to, steps },
    at: (step) => from + (to - from) * Math.min(1, step / steps),
  };
}

/**
 * Half a cosine from `from` at step `start` down to `from · floor` at step `steps`, and constant on either side
 * (Loshchilov & Hutter 2017, eq. 5, one period).
 *
 * @throws ConfigError when `steps` does not come after `start`.
 */
export function cosine(options: {
  from: number;
  steps: number;
  floor?: number;
  start?: number;
}): Schedule {
  expectGiven('cosine', options, 'from', 'steps');
  const { from, steps, floor = 0, start = 0 } = options;
  expect(steps > start, `cosine: 'steps' (${steps}) must come after 'start' (${start})`);
  return {
    config: { kind: 'cosine', from, steps, floor, start },
    at: (step) => {
      const t = Math.min(1, Math.max(0, (step - start) / (steps - start)));
      return from * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * t)));
    },
  };
}

/**
 * `from · rate^(step / every)`.
 *
 * @throws ConfigError when `rate` or `every` is not positive.
 */
export function exponential(options: { from: number; rate: number; every: number }): Schedule {
  expectGiven('exponential', options, 'from', 'rate', 'every');
  const { from, rate, every } = options;
  expect(rate > 0, `exponential: 'rate' must be above 0, not ${rate}`);
  expect(every > 0, `exponential: 'every' must be above 0, not ${every}`);
  return {
    config: { kind: 'exponential', from, rate, every },
    at: (step) => from * Math.pow(rate, step / every),
  };
}

/**
 * Cyclical annealing (Fu et al. 2019): in every `period` the value rises in a straight line from `from` to `to` over
 * the first `ramp` share of it, and stays at `to` for the rest.
 *
 * @throws ConfigError when `period` or `ramp` is not positive, or `ramp` is above 1.
 */
export function cyclical(options: {
  period: number;
  ramp?: number;
  from?: number;
  to?: number;
}): Schedule {
  expectGiven('cyclical', options, 'period');
  const { period, ramp = 0.5, from = 0, to = 1 } = options;
  expect(period > 0, `cyclical: 'period' must be above 0, not ${period}`);
  expect(ramp > 0 && ramp <= 1, `cyclical: 'ramp' is a share above 0 and up to 1, not ${ramp}`);
  return {
    config: { kind: 'cyclical', period, ramp, from, to },
    at: (step) => from + (to - from) * Math.min(1, (step % period) / (period * ramp)),
  };
}

/**
 * Another schedule from step `by` on, counted from there; before it, that one's first value.
 *
 * @throws ConfigError when `by` is negative.
 */
export function delayed(options: { by: number; schedule: Schedule }): Schedule {
  expectGiven('delayed', options, 'by', 'schedule');
  const { by, schedule } = options;
  expect(by >= 0, `delayed: 'by' must be at least 0, not ${by}`);
  return {
    config: { kind: 'delayed', by, schedule: schedule.config },
    at: (step) => schedule.at(Math.max(0, step - by)),
  };
}

/** A number as a constant schedule; a schedule as it is. */
export function asSchedule(value: number | Schedule): Schedule {
  return typeof value === 'number' ? constant(value) : value;
}

/** The schema of an option that is a number or a schedule. */
export const scheduled: v.GenericSchema<number | Config> = v.union([v.number(), nested]);

/** The JSON of a number or a schedule, so that a plain number stays plain in a config. */
export function scheduleConfig(value: number | Schedule): number | Config {
  return typeof value === 'number' ? value : value.config;
}

/** The inverse of `scheduleConfig`. */
export function buildSchedule(value: number | Config, registry: Registry): number | Schedule {
  return typeof value === 'number' ? value : registry.build(scheduleCategory, value);
}

/** The kinds of schedules. */
export const scheduleKinds: readonly Kind<Schedule>[] = [
  defineKind('constant', scheduleCategory, { value: v.number() }, ({ value }) => constant(value)),
  defineKind(
    'linear',
    scheduleCategory,
    { from: v.optional(v.number(), 0), to: v.optional(v.number(), 1), steps: v.number() },
    linear,
  ),
  defineKind(
    'cosine',
    scheduleCategory,
    {
      from: v.number(),
      steps: v.number(),
      floor: v.optional(v.number(), 0),
      start: v.optional(v.number(), 0),
    },
    cosine,
  ),
  defineKind(
    'exponential',
    scheduleCategory,
    { from: v.number(), rate: v.number(), every: v.number() },
    exponential,
  ),
  defineKind(
    'cyclical',
    scheduleCategory,
    {
      period: v.number(),
      ramp: v.optional(v.number(), 0.5),
      from: v.optional(v.number(), 0),
      to: v.optional(v.number(), 1),
    },
    cyclical,
  ),
  defineKind(
    'delayed',
    scheduleCategory,
    { by: v.number(), schedule: nested },
    ({ by, schedule }, registry) =>
      delayed({ by, schedule: registry.build(scheduleCategory, schedule) }),
  ),
];
