import { expectGiven, ConfigError, defineKind, type Kind } from '@elbo/core';
import {
  add,
  mean,
  mul,
  neg,
  relu,
  reshape,
  softplus,
  square,
  sub,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import { gameCategory, type Game } from './game.js';
import { accuracy, logisticLoss } from './logistic.js';

/** The options of `nonSaturating`. */
export interface NonSaturatingOptions {
  /**
   * How far the label of real samples is below 1 (one-sided label smoothing, Salimans et al. 2016, §3.4): keeps the
   * critic from scores without bound. 0 by default.
   */
  readonly smoothing?: number;
}

/**
 * The logistic game with the non-saturating cost −log σ(D(fake)) (Goodfellow et al. 2014, §3). At its optimum the score
 * is the log-ratio of the densities of real and fake.
 *
 * @throws ConfigError unless `smoothing` is in [0, 0.5).
 */
export function nonSaturating(options: NonSaturatingOptions = {}): Game {
  expectGiven('nonSaturating', options);
  const { smoothing = 0 } = options;
  if (!(smoothing >= 0 && smoothing < 0.5))
    throw new ConfigError(
      `nonSaturating: 'smoothing' must be 0 or more and below 0.5, not ${smoothing}.`,
    );
  return {
    config: { kind: 'non-saturating', smoothing },
    loss: (real, fake) => {
      const loss = logisticLoss({ positive: () => real, negative: () => fake });
      // −(1 − s) log σ(D) − s log(1 − σ(D)) is −log σ(D) + s D.
      return smoothing === 0 ? loss : add(loss, mul(smoothing, mean(real)));
    },
    cost: (fake) => rows(softplus(neg(fake))),
    costOfReal: (real) => rows(softplus(real)),
    accuracy: accuracyAt(0),
  };
}

/** The hinge game (Lim & Ye 2017, eqs. 2 and 3): the critic is content with a margin of 1 on either side. */
export function hinge(): Game {
  return {
    config: { kind: 'hinge' },
    loss: (real, fake) => add(mean(relu(sub(1, real))), mean(relu(add(1, fake)))),
    cost: (fake) => rows(neg(fake)),
    costOfReal: (real) => rows(real),
    accuracy: accuracyAt(0),
  };
}

/** The least-squares game with labels 1 and 0 (Mao et al. 2017, eq. 9): the scores have no use for infinity. */
export function leastSquares(): Game {
  return {
    config: { kind: 'least-squares' },
    loss: (real, fake) => add(mul(0.5, mean(square(sub(real, 1)))), mul(0.5, mean(square(fake)))),
    cost: (fake) => rows(mul(0.5, square(sub(fake, 1)))),
    costOfReal: (real) => rows(mul(0.5, square(real))),
    accuracy: accuracyAt(0.5),
  };
}

/**
 * The Wasserstein game (Arjovsky et al. 2017, eq. 2): the critic minimises E D(fake) − E D(real), which says something
 * only of a 1-Lipschitz critic, by a gradient penalty or spectral norm; then minus its loss is the W₁ distance.
 */
export function wasserstein(): Game {
  return {
    config: { kind: 'wasserstein' },
    loss: (real, fake) => sub(mean(fake), mean(real)),
    cost: (fake) => rows(neg(fake)),
    costOfReal: (real) => rows(real),
  };
}

function accuracyAt(threshold: number): NonNullable<Game['accuracy']> {
  const over = (scores: Tensor): Tensor => (threshold === 0 ? scores : sub(scores, threshold));
  return (real, fake) => accuracy({ positive: () => over(real), negative: () => over(fake) });
}

function rows(scores: Tensor): Tensor1D {
  return reshape(scores, [-1]);
}

/** The kinds of games. */
export const gameKinds: readonly Kind<Game>[] = [
  defineKind(
    'non-saturating',
    gameCategory,
    { smoothing: v.exactOptional(v.number()) },
    nonSaturating,
  ),
  defineKind('hinge', gameCategory, {}, hinge),
  defineKind('least-squares', gameCategory, {}, leastSquares),
  defineKind('wasserstein', gameCategory, {}, wasserstein),
];
