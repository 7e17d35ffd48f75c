import { detach } from '@elbo/gradients';
import { fold, type Key } from '@elbo/random';
import {
  add,
  cast,
  greater,
  less,
  mean,
  mul,
  sub,
  type Scalar,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import { checkedScores } from '../checks/checked_term.js';
import { lazy } from '../model/lazy.js';
import type { TermEvaluation } from '../terms/term.js';
import type { Game } from './game.js';
import type { Penalty } from './penalties.js';

/** A critic, what it plays, and the two samples it tells apart. */
export interface Match {
  readonly game: Game;
  readonly penalties: readonly Penalty[];
  /** See `AdversarialOptions`. */
  readonly balance: number | undefined;
  /** Names the term in errors. */
  readonly name: string;
  /** Scores of samples, `[B, 1]`. */
  critic(samples: Tensor): Tensor;
  real(): Tensor;
  /** As many rows as `real`, or a multiple. */
  fake(): Tensor;
  readonly key: Key;
}

/** A match as a term plays it. */
export interface Contest extends Required<Omit<TermEvaluation, 'logits'>> {
  /** The cost of whoever makes the fake samples, `[B]`. */
  cost(): Tensor1D;
  /** The cost of whoever makes the real ones, `[B]`. */
  costOfReal(): Tensor1D;
}

/**
 * Plays a critic against a maker of samples. `metrics` are `gap`, the mean score of the real samples less that of the
 * fake ones (in the Wasserstein game the critic's estimate of W₁), and `accuracy` where the game has one.
 */
export function versus({ game, penalties, balance, name, key, ...match }: Match): Contest {
  const critic = (samples: Tensor): Tensor =>
    checkedScores(match.critic(samples), samples.shape[0], name);
  const samples = { real: match.real, fake: match.fake };
  const real = lazy(() => critic(samples.real()));
  const fake = lazy(() => critic(samples.fake()));
  const accuracy = game.accuracy && lazy(() => game.accuracy!(real(), fake()));
  /** 1 while a player whose accuracy passes `test` plays, 0 while it rests. */
  const playing = (test: (accuracy: Scalar, limit: number) => Scalar, limit: number): Scalar =>
    cast(test(detach(accuracy!()), limit), 'float32');
  const rests = balance !== undefined && accuracy;
  return {
    cost: () => {
      const cost = game.cost(fake());
      return rests ? gated(cost, playing(greater, 1 - balance)) : cost;
    },
    costOfReal: () => {
      const cost = game.costOfReal(real());
      return rests ? gated(cost, playing(greater, 1 - balance)) : cost;
    },
    loss: () => {
      const loss = penalties
        .map((penalty, i) => penalty.of({ ...samples, critic, key: fold(key, `penalty/${i}`) }))
        .reduce((a, b) => add(a, b), game.loss(real(), fake()));
      return rests ? gated(loss, playing(less, balance)) : loss;
    },
    metrics: () => ({
      gap: sub(mean(real()), mean(fake())),
      ...(accuracy && { accuracy: accuracy() }),
    }),
  };
}

/** The value as it is, its gradient times `gate`. */
function gated<T extends Tensor>(value: T, gate: Scalar): T {
  return add(mul(value, gate), mul(detach(value), sub(1, gate)));
}
