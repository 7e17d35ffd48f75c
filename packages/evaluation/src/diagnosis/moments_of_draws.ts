import { fold, type Key } from '@elbo/random';
import {
  add,
  div,
  log,
  mean,
  reshape,
  square,
  sub,
  tidy,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';

/**
 * Draws of each row. Their moments differ by chance from the posterior's own, from row to row, as nobody can see who knows
 * the row alone: of n draws in d dimensions by a divergence of d / n.
 */
const draws = 1024;
const atOnce = 64;
/** Keeps log σ² finite where all draws are the same. */
const varianceFloor = 1e-8;

/** Mean and log-variance of draws of each row, `[B, dim]` each; the caller's. */
export function momentsOfDraws(
  posterior: { sample(key: Key, samples: number): Tensor },
  key: Key,
  dim: number,
): readonly [mean: Tensor2D, logVar: Tensor2D] {
  const some = (i: number): Tensor =>
    reshape(posterior.sample(fold(key, i), atOnce), [atOnce, -1, dim]);
  return tidy(() => {
    // Away from a first guess, so that nothing is lost of a posterior that is narrow and far from 0.
    const guess: Tensor2D = tidy(() => mean(some(0), 0));
    const passes = draws / atOnce;
    let sums: [Tensor2D, Tensor2D] | undefined;
    for (let i = 0; i < passes; i++)
      sums = tidy(() => {
        const apart = sub(some(i), guess);
        const here: [Tensor2D, Tensor2D] = [mean(apart, 0), mean(square(apart), 0)];
        return sums ? [add(sums[0], here[0]), add(sums[1], here[1])] : here;
      });
    const [first, second] = sums!.map((sum) => div(sum, passes)) as [Tensor2D, Tensor2D];
    const variance = sub(second, square(first));
    return [add(guess, first), log(add(variance, varianceFloor))] as [Tensor2D, Tensor2D];
  });
}
