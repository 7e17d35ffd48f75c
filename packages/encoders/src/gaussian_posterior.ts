import {
  fullNormal,
  isStandardNormal,
  klFullNormalToStandard,
  klNormalToStandard,
  normal,
  repeatBatch,
  valuesPerRow,
  type Prior,
} from '@elbo/core';
import { detach } from '@elbo/gradients';
import type { PosteriorOf } from '@elbo/objectives';
import { log, reshape, square, sum, type Tensor2D, type Tensor3D } from '@tensorflow/tfjs-core';

/** What a Gaussian posterior can do. */
export type Gaussian = 'posterior' | 'logProb' | 'moments';

/** The closed form, where the prior is N(0, I). */
function klTo<T>(prior: Prior, toStandard: () => T): T | undefined {
  return isStandardNormal(prior) ? toStandard() : undefined;
}

/** N(mean, diag(exp(logVar))), both `[B, Z]`. */
export function diagonalPosterior(mean: Tensor2D, logVar: Tensor2D): PosteriorOf<Gaussian> {
  const q = normal(mean, logVar);
  return {
    mean,
    logVar,
    sample: q.sample,
    logProb: q.logProb,
    detach: () => diagonalPosterior(detach(mean), detach(logVar)),
    kl: (prior) => klTo(prior, () => klNormalToStandard(q)),
    klOfDimensions: (prior) =>
      klTo(prior, () => {
        const each = (tensor: Tensor2D): Tensor2D => reshape(tensor, [-1, 1]);
        return reshape(klNormalToStandard(normal(each(mean), each(logVar))), mean.shape);
      }),
    logProbOfDimensions: (z) => {
      const count = valuesPerRow(z, mean, 'diagonalPosterior.logProbOfDimensions');
      const each = (tensor: Tensor2D): Tensor2D => reshape(repeatBatch(tensor, count), [-1, 1]);
      return reshape(normal(each(mean), each(logVar)).logProb(reshape(z, [-1, 1])), z.shape);
    },
  };
}

/** N(mean, L Lᵀ): means `[B, Z]` and lower-triangular factors L `[B, Z, Z]`. Its `logVar` are those of the marginals. */
export function fullPosterior(mean: Tensor2D, factor: Tensor3D): PosteriorOf<Gaussian> {
  const q = fullNormal(mean, factor);
  const logVar: Tensor2D = log(sum(square(factor), 2));
  const posterior = {
    mean,
    logVar,
    factor,
    sample: q.sample,
    logProb: q.logProb,
    detach: () => fullPosterior(detach(mean), detach(factor)),
    kl: (prior: Prior) => klTo(prior, () => klFullNormalToStandard(q)),
  };
  return posterior;
}
