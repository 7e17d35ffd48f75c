// The linear-Gaussian model, of which log p(x) and the posterior are known, as a model of this library.
import { fullNormal, standardNormal } from '@elbo/core';
import { linearGaussian, type Matrix, type Rows } from '@elbo/datasets';
import {
  compose,
  kl,
  reconstruction,
  type Encoder,
  type LogProb,
  type Model,
  type Primal,
  type Sampled,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import { decoderOf } from '@elbo/testing/worlds';
import {
  matMul,
  sub,
  tensor1d,
  tensor2d,
  tensor3d,
  tile,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { rowNumbers } from '../../common/rows.js';

/** Its covariance of z given x, some of its rows, and the mean of their log p(x) in nats. */
export interface World {
  readonly covariance: Matrix;
  readonly model: Model<'posterior' | 'logProb'>;
  readonly params: Primal;
  /** The rows, the caller's. */
  batch(): { readonly x: Tensor2D };
  readonly truth: number;
}

/** Dimensions of z. */
export type Latent = 2 | 8 | 20;

/** Weights without order, whose posteriors are correlated: of 8 latents in 12 dimensions, and of 20 in 28. */
const unordered = (latent: number, dimension: number): Matrix =>
  Array.from({ length: dimension }, (_, i) =>
    Array.from({ length: latent }, (__, k) => Math.sin(1 + 3 * i * i + 7 * k)),
  );

/** W; two latents have the weights of the dataset, in four dimensions. */
const worlds: Readonly<Record<Latent, Matrix | undefined>> = {
  2: undefined,
  8: unordered(8, 12),
  20: unordered(20, 28),
};

/** L with L Lᵀ a positive definite matrix. */
function cholesky(a: Matrix): number[][] {
  const lower = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      const sum = lower[j]!.reduce(
        (rest, value, k) => rest - (k < j ? lower[i]![k]! * value : 0),
        a[i]![j]!,
      );
      lower[i]![j] = i === j ? Math.sqrt(sum) : sum / lower[j]![j]!;
    }
  return lower;
}

/** A world of so many latents, and a model of it whose posterior is the true one with `spread` times its standard deviations. */
export function worldOf(
  latent: Latent,
  { spread = 1, size, seed = 0 }: { spread?: number; size: number; seed?: number },
): World {
  const weights = worlds[latent];
  const data = linearGaussian({ size, seed, ...(weights && { weights }) });
  const { exact } = data;
  const unit = (at: number): readonly number[] => exact.mean.map((m, i) => m + Number(i === at));
  const kernel = exact.mean.map((_, at) => exact.posterior(unit(at)).mean);
  const factor = cholesky(exact.posterior(exact.mean).covariance).map((row) =>
    row.map((value) => spread * value),
  );
  const posterior = (x: Tensor2D): Sampled & LogProb => {
    const mean: Tensor2D = matMul(
      sub(x, tensor1d([...exact.mean])),
      tensor2d(kernel.map((row) => [...row])),
    );
    const q = fullNormal(mean, tile(tensor3d([factor]), [mean.shape[0], 1, 1]));
    // What it draws with is seen to be held.
    const made: Sampled & LogProb & { readonly q: typeof q } = {
      q,
      sample: q.sample,
      logProb: q.logProb,
      detach: () => made,
    };
    return made;
  };
  const encoder: Encoder<'posterior' | 'logProb'> = {
    config: { kind: 'scaled', spread },
    offers: ['posterior', 'logProb'],
    latent,
    init: () => ({}),
    posterior: (_params, _mode, x) => posterior(x as Tensor2D),
  };
  const { x } = data.read(rowNumbers(size), key(0)) as Rows;
  return {
    covariance: exact.posterior(exact.mean).covariance,
    model: compose({
      prior: standardNormal(latent),
      encoder,
      decoder: decoderOf(exact),
      terms: [reconstruction(), kl()],
    }),
    params: { encoder: {}, decoder: {} },
    batch: () => ({ x: tensor2d(x, [size, exact.mean.length]) }),
    truth: exact.meanLogProb(x),
  };
}
