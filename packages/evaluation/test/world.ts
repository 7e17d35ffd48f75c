import { fullNormal, standardNormal } from '@elbo/core';
import { linearGaussian, type LinearGaussian } from '@elbo/datasets';
import {
  compose,
  kl,
  reconstruction,
  type Decoder,
  type Encoder,
  type Model,
  type PosteriorOf,
  type Primal,
} from '@elbo/objectives';
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

const data = linearGaussian({ size: 4000 });

/** z ~ N(0, I₂), x|z ~ N(Wz, ¼I₄), with closed forms. */
export const exact: LinearGaussian = data.exact;
const latent = 2;
const dimension = data.shape[0]!;

/** The first rows of the data, `[n, 4]`. */
export async function someRows(n: number): Promise<{ x: Tensor2D; rows: number[][] }> {
  const { x } = await data.read(
    Uint32Array.from({ length: n }, (_, i) => i),
    { words: [0, 0] },
  );
  const rows = Array.from({ length: n }, (_, i) =>
    Array.from(x.subarray(i * dimension, (i + 1) * dimension)),
  );
  return { x: tensor2d(rows), rows };
}

export const decoder: Decoder = decoderOf(exact);

/** Λ⁻¹Wᵀ/σ² as a kernel for row vectors: `[4, 2]`; the posterior's mean is linear in x. */
const kernel = exact.mean.map(
  (_, d) => exact.posterior(exact.mean.map((m, i) => m + (i === d ? 1 : 0))).mean,
);
/** Of the posterior, whatever x. */
export const covariance: LinearGaussian['weights'] = exact.posterior(exact.mean).covariance;

/** The posterior's mean with other standard deviations, or its own covariance times `scale²`. */
export function encoderOf(scale = 1): Encoder<'posterior' | 'logProb'> {
  return {
    config: { kind: 'scaled', scale },
    offers: ['posterior', 'logProb'],
    latent,
    init: () => ({}),
    posterior: (_params, _mode, x) => {
      const centred = sub(x as Tensor2D, tensor1d([...exact.mean]));
      const mean: Tensor2D = matMul(centred, tensor2d(kernel.map((row) => [...row])));
      const l00 = Math.sqrt(covariance[0]![0]!);
      const l10 = covariance[1]![0]! / l00;
      const l11 = Math.sqrt(covariance[1]![1]! - l10 * l10);
      const factor = tensor3d([
        [
          [scale * l00, 0],
          [scale * l10, scale * l11],
        ],
      ]);
      const q = fullNormal(mean, tile(factor, [mean.shape[0], 1, 1]));
      const posterior: PosteriorOf<'logProb'> & { readonly q: typeof q } = {
        q,
        sample: q.sample,
        logProb: q.logProb,
        detach: () => posterior,
      };
      return posterior;
    },
  };
}

/** The model of `exact`, with an encoder whose standard deviations are `scale` times the posterior's. */
export function worldOf(scale = 1): Model {
  return compose({
    prior: standardNormal(latent),
    encoder: encoderOf(scale),
    decoder,
    terms: [reconstruction(), kl()],
  });
}

export const params: Primal = { encoder: {}, decoder: {} };

/** The mean of values. */
export function meanOf(values: ArrayLike<number>): number {
  return Array.from(values).reduce((a, b) => a + b, 0) / values.length;
}
