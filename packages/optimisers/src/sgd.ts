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
import { add, dispose, mul, scalar, sub, tidy, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { expectDecays, expectRate } from './checks.js';
import { flat } from './flat.js';
import { optimiserCategory, type Optimiser } from './optimiser.js';
import { alignedLeaves } from './trees.js';

/** Options of `sgd`. */
export interface SgdOptions {
  /** The share of the velocity that is kept at each step; 0 for plain gradient descent. */
  readonly momentum?: number;
  /** Whether to look ahead along the velocity (Nesterov's momentum). */
  readonly nesterov?: boolean;
}

/** p − rate · direction, of each. */
function descend(params: readonly Tensor[], directions: readonly Tensor[], rate: number): Tensor[] {
  return tidy(() => {
    const factor = scalar(rate);
    return params.map((param, i) => sub(param, mul(factor, directions[i]!)));
  });
}

/** momentum · velocity + gradient, of each. */
function accelerate(
  velocity: readonly Tensor[],
  gradients: readonly Tensor[],
  momentum: number,
): Tensor[] {
  return tidy(() => {
    const kept = scalar(momentum);
    return gradients.map((gradient, i) => add(mul(kept, velocity[i]!), gradient));
  });
}

/**
 * Gradient descent, p' = p − rate · g, or with momentum µ, v' = µ v + g and p' = p − rate · v', where Nesterov's takes
 * g + µ v' for v' (Sutskever et al. 2013, §2). Its state is `velocity`, where there is momentum.
 *
 * @param learningRate a number, or a schedule of the step.
 * @throws ConfigError when an option is out of range.
 */
export function sgd(learningRate: number | Schedule, options: SgdOptions = {}): Optimiser {
  expectGiven('sgd', options);
  const { momentum = 0, nesterov = false } = options;
  expectRate('sgd', learningRate);
  expectDecays('sgd', { momentum });
  const schedule = asSchedule(learningRate);
  return flat({
    config: { kind: 'sgd', learningRate: scheduleConfig(learningRate), momentum, nesterov },
    init: (params) => (momentum === 0 ? {} : { velocity: zerosLikeTree(params) }),
    step: (gradients, state, params, step) => {
      try {
        const rate = schedule.at(step);
        if (momentum === 0) {
          const lists = alignedLeaves('sgd', params, { gradients });
          return {
            params: unflatten(params, descend(lists.params, lists.gradients, rate)),
            state: {},
          };
        }
        const old = paramsAt(state, 'velocity');
        const lists = alignedLeaves('sgd', params, { gradients, velocity: old });
        const velocity = accelerate(lists.velocity, lists.gradients, momentum);
        const ahead = nesterov ? accelerate(velocity, lists.gradients, momentum) : [];
        const fresh = descend(lists.params, nesterov ? ahead : velocity, rate);
        dispose(ahead);
        disposeTree(old);
        return {
          params: unflatten(params, fresh),
          state: { velocity: unflatten(params, velocity) },
        };
      } finally {
        disposeTree(gradients);
      }
    },
  });
}

/** The kind `sgd`. */
export const sgdKind: Kind<Optimiser> = defineKind(
  'sgd',
  optimiserCategory,
  {
    learningRate: scheduled,
    momentum: v.optional(v.number(), 0),
    nesterov: v.optional(v.boolean(), false),
  },
  ({ learningRate, ...options }, registry) => sgd(buildSchedule(learningRate, registry), options),
);
