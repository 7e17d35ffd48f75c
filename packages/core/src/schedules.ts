import * as v from 'valibot';
import type { Config } from './config.js';
import { category, defineKind, type Category, type Kind, type Registry } from './registry.js';

/** A number that depends on the step only: a learning rate, or the weight of a term. */
export interface Schedule {
  readonly config: Config;
  at(step: number): number;
}

/** The category of schedules. */
export const scheduleCategory: Category<Schedule> = category('schedule');

/** The same value at every step. */
export function constant(value: number): Schedule {
  return { config: { kind: 'constant', value }, at: () => value };
}

/** From `from` to `to` in a straight line over `steps`, then `to`. */
export function linear({ from = 0, to = 1, steps }: { from?: number; to?: number; steps: number }): Schedule {
  return {
    config: { kind: 'linear', from, to, steps },
    at: (step) => from + (to - from) * Math.min(1, step / steps),
  };
}

/**
 * Half a cosine from `from` down to `from · floor` over `steps`, then constant (Loshchilov & Hutter 2017, eq. 5, one
 * period). It starts to fall at `start`, before which it is `from`.
 */
export function cosine({
  from,
  steps,
  floor = 0,
  start = 0,
}: {
  from: number;
  steps: number;
  floor?: number;
  start?: number;
}): Schedule {
  return {
    config: { kind: 'cosine', from, steps, floor, start },
    at: (step) => {
      const t = Math.min(1, Math.max(0, (step - start) / (steps - start)));
      return from * (floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * t)));
    },
  };
}

/** `from · rate^(step / every)`. */
export function exponential({ from, rate, every }: { from: number; rate: number; every: number }): Schedule {
  return {
    config: { kind: 'exponential', from, rate, every },
    at: (step) => from * Math.pow(rate, step / every),
  };
}

/**
 * Cyclical annealing (Fu et al. 2019): in every `period` the value rises in a straight line from `from` to `to` over
 * the first `ramp` share of it, and stays at `to` for the rest.
 */
export function cyclical({
  period,
  ramp = 0.5,
  from = 0,
  to = 1,
}: {
  period: number;
  ramp?: number;
  from?: number;
  to?: number;
}): Schedule {
  return {
    config: { kind: 'cyclical', period, ramp, from, to },
    at: (step) => from + (to - from) * Math.min(1, (step % period) / (period * ramp)),
  };
}

/** A number as a constant schedule; a schedule as it is. */
export function asSchedule(value: number | Schedule): Schedule {
  return typeof value === 'number' ? constant(value) : value;
}

/** The schema of an option that is a number or a schedule. */
export const scheduled: v.GenericSchema<number | Config> = v.union([
  v.number(),
  v.looseObject({ kind: v.string() }),
]) as v.GenericSchema<number | Config>;

/** The JSON of a number or a schedule, so that a plain number stays plain in a config. */
export function scheduleConfig(value: number | Schedule): number | Config {
  return typeof value === 'number' ? value : value.config;
}

/** The inverse of `scheduleConfig`. */
export function buildSchedule(value: number | Config, registry: Registry): number | Schedule {
  return typeof value === 'number' ? value : registry.build(scheduleCategory, value);
}

const positive = v.pipe(v.number(), v.gtValue(0));

/** The kinds of schedules. */
export const scheduleKinds: readonly Kind<Schedule>[] = [
  defineKind('constant', scheduleCategory, { value: v.number() }, ({ value }) => constant(value)),
  defineKind(
    'linear',
    scheduleCategory,
    { from: v.optional(v.number(), 0), to: v.optional(v.number(), 1), steps: positive },
    linear,
  ),
  defineKind(
    'cosine',
    scheduleCategory,
    {
      from: v.number(),
      steps: positive,
      floor: v.optional(v.number(), 0),
      start: v.optional(v.number(), 0),
    },
    cosine,
  ),
  defineKind(
    'exponential',
    scheduleCategory,
    { from: v.number(), rate: positive, every: positive },
    exponential,
  ),
  defineKind(
    'cyclical',
    scheduleCategory,
    {
      period: positive,
      ramp: v.optional(positive, 0.5),
      from: v.optional(v.number(), 0),
      to: v.optional(v.number(), 1),
    },
    cyclical,
  ),
];
