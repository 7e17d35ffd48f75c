import {
  expectGiven,
  asSchedule,
  defineKind,
  disposeTree,
  paramsAt,
  scheduleConfig,
  buildSchedule,
  scheduled,
  unflatten,
  zerosLikeTree,
  type Config,
  type Kind,
  type Params,
  type Schedule,
} from '@elbo/core';
import { adamUpdate } from '@elbo/ops';
import type { Scalar } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { expectDecays, expectNotNegative, expectPositive, expectRate } from './checks.js';
import { flat } from './flat.js';
import { optimiserCategory, type Optimiser, type Stepped } from './optimiser.js';
import { alignedLeaves } from './trees.js';

/** Options of `adam`. */
export interface AdamOptions {
  /** The share of the gradients' running mean that is kept at each step. */
  readonly beta1?: number;
  /** The share of the squares' running mean that is kept at each step. */
  readonly beta2?: number;
  /** Added to the root of the squares' running mean. */
  readonly epsilon?: number;
}

/** Options of `adamW`. */
export interface AdamWOptions extends AdamOptions {
  /** The share of every parameter that is taken off at each step, times the learning rate. */
  readonly weightDecay?: number;
}

function build(
  config: Config,
  learningRate: number | Schedule,
  options: Readonly<Record<'beta1' | 'beta2' | 'epsilon' | 'weightDecay', number>>,
): Optimiser {
  const { beta1, beta2, epsilon, weightDecay } = options;
  expectDecays(config.kind, { beta1, beta2 });
  expectPositive(config.kind, { epsilon });
  expectNotNegative(config.kind, { weightDecay });
  const schedule = asSchedule(learningRate);
  const update = (
    gradients: Params,
    scale: Scalar | undefined,
    state: Params,
    params: Params,
    step: number,
  ): Stepped => {
    try {
      const lists = alignedLeaves(config.kind, params, {
        gradients,
        first: paramsAt(state, 'first'),
        second: paramsAt(state, 'second'),
      });
      const learningRate = schedule.at(step);
      const next = adamUpdate({ ...lists, ...options, scale, step, learningRate });
      return {
        params: unflatten(params, next.params),
        state: { first: unflatten(params, next.first), second: unflatten(params, next.second) },
      };
    } finally {
      disposeTree(gradients);
    }
  };
  return flat({
    config,
    init: (params) => ({ first: zerosLikeTree(params), second: zerosLikeTree(params) }),
    step: (gradients, state, params, step) => update(gradients, undefined, state, params, step),
    scaledStep: update,
  });
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1). Its state is the two running means, `first` and `second`.
 *
 * @param learningRate a number, or a schedule of the step.
 * @throws ConfigError when an option is out of range.
 *
 * @example
 * ```ts
 * import { selectBackend } from '@elbo/backends';
 * import { adam, cosine } from '@elbo/optimisers';
 * import { tensor1d } from '@tensorflow/tfjs-core';
 *
 * await selectBackend({ backend: 'cpu' });
 * const optimiser = adam(cosine({ from: 0.1, steps: 100 }));
 * const params = { w: tensor1d([1, 1]) };
 * const next = optimiser.step({ w: tensor1d([5, -5]) }, optimiser.init(params), params, 0);
 * console.log(String(next.params.w)); // Tensor [0.9, 1.1]
 * ```
 */
export function adam(learningRate: number | Schedule, options: AdamOptions = {}): Optimiser {
  expectGiven('adam', options);
  expectRate('adam', learningRate);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const rule = { beta1, beta2, epsilon };
  const config = { kind: 'adam', learningRate: scheduleConfig(learningRate), ...rule };
  return build(config, learningRate, { ...rule, weightDecay: 0 });
}

/**
 * Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2), of every parameter: the decay does not
 * pass through the running means.
 *
 * @param learningRate a number, or a schedule of the step.
 * @throws ConfigError when an option is out of range.
 */
export function adamW(learningRate: number | Schedule, options: AdamWOptions = {}): Optimiser {
  expectGiven('adamW', options);
  expectRate('adamW', learningRate);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0.01 } = options;
  const rule = { beta1, beta2, epsilon, weightDecay };
  const config = { kind: 'adamW', learningRate: scheduleConfig(learningRate), ...rule };
  return build(config, learningRate, rule);
}

const adamEntries = {
  learningRate: scheduled,
  beta1: v.optional(v.number(), 0.9),
  beta2: v.optional(v.number(), 0.999),
  epsilon: v.optional(v.number(), 1e-8),
};

/** The kinds `adam` and `adamW`. */
export const adamKinds: readonly Kind<Optimiser>[] = [
  defineKind('adam', optimiserCategory, adamEntries, ({ learningRate, ...options }, registry) =>
    adam(buildSchedule(learningRate, registry), options),
  ),
  defineKind(
    'adamW',
    optimiserCategory,
    { ...adamEntries, weightDecay: v.optional(v.number(), 0.01) },
    ({ learningRate, ...options }, registry) =>
      adamW(buildSchedule(learningRate, registry), options),
  ),
];
