import {
  expectGiven,
  asSchedule,
  buildSchedule,
  defineKind,
  disposeTree,
  paramsAt,
  scheduleConfig,
  scheduled,
  unflatten,
  zerosLikeTree,
  type Kind,
  type Schedule,
} from '@elbo/core';
import { add, div, mul, scalar, sqrt, square, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { expectDecays, expectPositive, expectRate } from './checks.js';
import { flat } from './flat.js';
import { optimiserCategory, type Optimiser } from './optimiser.js';
import { alignedLeaves } from './trees.js';

/** Options of `rmsprop`. */
export interface RmspropOptions {
  /** The share of the squares' running mean that is kept at each step. */
  readonly decay?: number;
  /** Added to the root of the squares' running mean. */
  readonly epsilon?: number;
}

/** The new running means of the squares. */
function meanSquares(
  second: readonly Tensor[],
  gradients: readonly Tensor[],
  decay: number,
): Tensor[] {
  return tidy(() => {
    const kept = scalar(decay);
    const rest = scalar(1 - decay);
    return gradients.map((gradient, i) => add(mul(kept, second[i]!), mul(rest, square(gradient))));
  });
}

/** p − rate · g / (√s + ε), of each. */
function descend(
  params: readonly Tensor[],
  gradients: readonly Tensor[],
  second: readonly Tensor[],
  rate: number,
  epsilon: number,
): Tensor[] {
  return tidy(() => {
    const factor = scalar(rate);
    const floor = scalar(epsilon);
    return params.map((param, i) =>
      sub(param, mul(factor, div(gradients[i]!, add(sqrt(second[i]!), floor)))),
    );
  });
}

/**
 * RMSProp (Tieleman & Hinton 2012, lecture 6.5): s' = decay · s + (1 − decay) g² and p' = p − rate · g / (√s' + ε).
 * Its state is the running mean `second`.
 *
 * @param learningRate a number, or a schedule of the step.
 * @throws ConfigError when an option is out of range.
 */
export function rmsprop(learningRate: number | Schedule, options: RmspropOptions = {}): Optimiser {
  expectGiven('rmsprop', options);
  const { decay = 0.9, epsilon = 1e-8 } = options;
  expectRate('rmsprop', learningRate);
  expectDecays('rmsprop', { decay });
  expectPositive('rmsprop', { epsilon });
  const schedule = asSchedule(learningRate);
  return flat({
    config: { kind: 'rmsprop', learningRate: scheduleConfig(learningRate), decay, epsilon },
    init: (params) => ({ second: zerosLikeTree(params) }),
    step: (gradients, state, params, step) => {
      try {
        const old = paramsAt(state, 'second');
        const lists = alignedLeaves('rmsprop', params, { gradients, second: old });
        const second = meanSquares(lists.second, lists.gradients, decay);
        const rate = schedule.at(step);
        const fresh = descend(lists.params, lists.gradients, second, rate, epsilon);
        disposeTree(old);
        return { params: unflatten(params, fresh), state: { second: unflatten(params, second) } };
      } finally {
        disposeTree(gradients);
      }
    },
  });
}

/** The kind `rmsprop`. */
export const rmspropKind: Kind<Optimiser> = defineKind(
  'rmsprop',
  optimiserCategory,
  {
    learningRate: scheduled,
    decay: v.optional(v.number(), 0.9),
    epsilon: v.optional(v.number(), 1e-8),
  },
  ({ learningRate, ...options }, registry) =>
    rmsprop(buildSchedule(learningRate, registry), options),
);
