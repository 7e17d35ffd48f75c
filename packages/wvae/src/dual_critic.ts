import {
  defineKind,
  expectGiven,
  nested,
  networkCategory,
  type Kind,
  type Network,
} from '@elbo/core';
import {
  adversarialZ,
  gradientPenalty,
  slopesAt,
  term,
  termCategory,
  wasserstein,
  type Term,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import { concat, div, max, maximum, type Scalar } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { aggregate, aggregateEntries, type AggregateOptions } from './aggregate.js';

/** The options of `dualCritic`. */
export interface DualCriticOptions extends AggregateOptions {
  /** f: scores each row, `[B, 1]`. */
  readonly critic: Network;
  /** The weight of the penalty on slopes over 1; 10 by default. */
  readonly penalty?: number;
}

/**
 * W₁ of the aggregate posterior and the prior by its dual, max E f(z) − E f(z̃) over 1-Lipschitz critics f (Arjovsky et
 * al. 2017, eq. 2), which a one-sided gradient penalty makes of f, nearly: it overshoots by W₁/(2 · penalty) at most, and
 * lags where it is trained too little. The metric `gap` is its estimate as it stands; in validation `distance` is that
 * divided by the largest slope that f has at the two samples: of a critic of slope 1 everywhere a lower bound on W₁.
 */
export function dualCritic(options: DualCriticOptions): Term<'posterior'> {
  expectGiven('dualCritic', options, 'critic');
  const { critic, penalty = 10, part } = options;
  const { name, config, samples } = aggregate(options, 'dual-critic');
  const game = adversarialZ({
    discriminator: critic,
    name,
    game: wasserstein(),
    penalties: [gradientPenalty({ weight: penalty, oneSided: true })],
    ...(part !== undefined && { part }),
  });
  return term({
    ...game,
    config: { kind: 'dual-critic', critic: critic.config, penalty, ...config },
    evaluate: (pass, adversary) => {
      const evaluated = game.evaluate(pass as Parameters<typeof game.evaluate>[0], adversary);
      const metrics = (): Readonly<Record<string, Scalar>> => {
        const { gap } = evaluated.metrics!() as Readonly<Record<'gap', Scalar>>;
        // It takes another derivative, which training need not pay for.
        if (pass.training) return { gap };
        const { codes, draws } = samples(pass);
        const mode = { training: false, key: fold(pass.key, name) };
        const slopes = slopesAt((z) => critic.apply(adversary, mode, z), concat([codes, draws]));
        const slope = max<Scalar>(slopes);
        return { gap, slope, distance: div(gap, maximum(slope, 1e-6)) };
      };
      return { ...evaluated, metrics };
    },
  });
}

/** The kind of `dualCritic`. */
export const dualCriticKind: Kind<Term> = defineKind(
  'dual-critic',
  termCategory,
  { ...aggregateEntries, critic: nested, penalty: v.exactOptional(v.number()) },
  ({ critic, ...options }, registry) =>
    dualCritic({ ...options, critic: registry.build(networkCategory, critic) }),
);
