import { normal } from '@elbo/core';
import type { LinearGaussian } from '@elbo/datasets';
import type { Decoder } from '@elbo/objectives';
import { add, fill, matMul, tensor1d, tensor2d } from '@tensorflow/tfjs-core';

/** p(x|z) of a linear-Gaussian world, without parameters. */
export function decoderOf(world: Pick<LinearGaussian, 'weights' | 'mean' | 'noise'>): Decoder {
  const columns = world.weights[0]!.map((_, k) => world.weights.map((row) => row[k]!));
  return {
    config: { kind: 'true' },
    init: () => ({}),
    likelihood: (_params, _mode, z) => {
      const mean = add(matMul(z, tensor2d(columns)), tensor1d([...world.mean]));
      return normal(mean, fill(mean.shape, 2 * Math.log(world.noise)));
    },
  };
}

/** p(x|z) = N(x; z, I), where only the posterior matters. */
export const plainDecoder: Decoder = decoderOf({
  weights: [
    [1, 0],
    [0, 1],
  ],
  mean: [0, 0],
  noise: 1,
});
