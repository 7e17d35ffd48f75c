import {
  expectGiven,
  category,
  ConfigError,
  defineKind,
  flattenBatch,
  repeatBatch,
  type Category,
  type Config,
  type Coupled,
  type Kind,
} from '@elbo/core';
import { detach, inputGradient } from '@elbo/gradients';
import { randomUniform } from '@elbo/ops';
import type { Key } from '@elbo/random';
import {
  add,
  mean,
  mul,
  relu,
  sqrt,
  square,
  sub,
  sum,
  type Scalar,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';

/** What a penalty is taken of. */
export interface Penalised {
  /** The critic's scores of samples, `[B, 1]`. */
  critic(samples: Tensor): Tensor;
  real(): Tensor;
  /** As many rows as `real`, or a multiple. */
  fake(): Tensor;
  readonly key: Key;
}

/** A cost on a critic's slope, added to its loss. */
export interface Penalty extends Coupled {
  readonly config: Config;
  of(penalised: Penalised): Scalar;
}

/** The category of penalties. */
export const penaltyCategory: Category<Penalty> = category('penalty');

/** The options of `gradientPenalty`. */
export interface GradientPenaltyOptions {
  /** λ; 10 by default, as in the paper. */
  readonly weight?: number;
  /** The slope that is free of charge: 1 by default; 0 pulls towards a flat critic (Mescheder et al. 2018). */
  readonly target?: number;
  /** Whether slopes below `target` are free too: what being 1-Lipschitz asks. False by default, as in the paper. */
  readonly oneSided?: boolean;
}

/**
 * λ E(‖∇D(x̂)‖ − target)² at points x̂ between real and fake samples (Gulrajani et al. 2017, eq. 3). A critic so penalised
 * still overshoots: at the optimum by W₁/(2λ).
 *
 * @throws ConfigError unless `weight` is positive and `target` is not negative.
 */
export function gradientPenalty(options: GradientPenaltyOptions = {}): Penalty {
  expectGiven('gradientPenalty', options);
  const { weight = 10, target = 1, oneSided = false } = options;
  expectWeight('gradientPenalty', weight);
  if (!(target >= 0))
    throw new ConfigError(`gradientPenalty: 'target' must be 0 or more, not ${target}.`);
  return {
    config: { kind: 'gradient', weight, target, oneSided },
    of: ({ critic, real, fake, key }) => {
      const b = detach(fake());
      const a = repeatBatch(detach(real()), b.shape[0] / real().shape[0]);
      const share = randomUniform(key, [b.shape[0], ...b.shape.slice(1).map(() => 1)]);
      const slopes = slopesAt(critic, add(a, mul(share, sub(b, a))));
      const excess = sub(slopes, target);
      return mul(weight, mean(square(oneSided ? relu(excess) : excess)));
    },
  };
}

/** The options of `r1`. */
export interface R1Options {
  /** γ; 10 by default. */
  readonly weight?: number;
}

/**
 * γ/2 E‖∇D(x)‖² at the real samples (Mescheder, Geiger & Nowozin 2018, eq. 9): with it a game that has met the data
 * stays there.
 *
 * @throws ConfigError unless `weight` is positive.
 */
export function r1(options: R1Options = {}): Penalty {
  expectGiven('r1', options);
  const { weight = 10 } = options;
  expectWeight('r1', weight);
  return {
    config: { kind: 'r1', weight },
    of: ({ critic, real }) => mul(weight / 2, mean(squaredSlopesAt(critic, detach(real())))),
  };
}

function expectWeight(where: string, weight: number): void {
  if (!(weight > 0)) throw new ConfigError(`${where}: 'weight' must be positive, not ${weight}.`);
}

/** ‖∇D‖² of each row, `[B]`. */
function squaredSlopesAt(critic: Penalised['critic'], x: Tensor): Tensor1D {
  return sum(square(flattenBatch(inputGradient(critic, x))), 1);
}

/** ‖∇D‖ at each row of x, `[B]`. */
export function slopesAt(critic: Penalised['critic'], x: Tensor): Tensor1D {
  // The root has no slope at 0, where a critic is flat, and its gradient there would be NaN.
  return sqrt(add(squaredSlopesAt(critic, x), 1e-12));
}

/** The kinds of penalties. */
export const penaltyKinds: readonly Kind<Penalty>[] = [
  defineKind(
    'gradient',
    penaltyCategory,
    {
      weight: v.exactOptional(v.number()),
      target: v.exactOptional(v.number()),
      oneSided: v.exactOptional(v.boolean()),
    },
    gradientPenalty,
  ),
  defineKind('r1', penaltyCategory, { weight: v.exactOptional(v.number()) }, r1),
];
