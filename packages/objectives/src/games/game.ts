import { category, type Category, type Config, type Coupled } from '@elbo/core';
import type { Scalar, Tensor, Tensor1D } from '@tensorflow/tfjs-core';

/**
 * A game between a critic and whoever makes samples: the critic scores real ones high and fake ones low, `[B, 1]` each,
 * and the other player moves its samples towards higher scores.
 */
export interface Game extends Coupled {
  readonly config: Config;
  /** What the critic minimises. */
  loss(real: Tensor, fake: Tensor): Scalar;
  /** What the maker of the fake samples minimises, `[B]`. */
  cost(fake: Tensor): Tensor1D;
  /** What a maker of the real samples minimises, `[B]`: in games over pairs (BiGAN) both sides are made. */
  costOfReal(real: Tensor): Tensor1D;
  /** The mean of the accuracies on both samples, where a score says which is which; ½ at chance. */
  accuracy?(real: Tensor, fake: Tensor): Scalar;
}

/** The category of games. */
export const gameCategory: Category<Game> = category('game');
