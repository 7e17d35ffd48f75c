// The linear-Gaussian model, of which log p(x) and the posterior are known, as a model of this library.
import { fullNormal, normal, standardNormal } from '@elbo/core';
import { linearGaussian } from '@elbo/datasets';
import { compose, kl, reconstruction } from '@elbo/objectives';
import { add, fill, matMul, sub, tensor1d, tensor2d, tensor3d, tile } from '@tensorflow/tfjs-core';

/** W of two and of five latents, in four and in eight dimensions. */
const worlds = {
  2: undefined,
  5: Array.from({ length: 8 }, (_, i) =>
    Array.from({ length: 5 }, (__, k) => Math.sin(1 + 3 * i + 7 * k)),
  ),
};

/** L with L Lᵀ a positive definite matrix. */
function cholesky(a) {
  const lower = a.map((row) => row.map(() => 0));
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j <= i; j++) {
      const sum = lower[j].reduce(
        (rest, value, k) => rest - (k < j ? lower[i][k] * value : 0),
        a[i][j],
      );
      lower[i][j] = i === j ? Math.sqrt(sum) : sum / lower[j][j];
    }
  return lower;
}

/**
 * A world of 2 or 5 latents: its closed forms, some of its rows, and a model of it whose posterior is the true one with
 * `spread` times its standard deviations.
 */
export function worldOf(latent, { spread = 1, size, seed = 0 }) {
  const weights = worlds[latent];
  const data = linearGaussian({ size, seed, ...(weights && { weights }) });
  const { exact } = data;
  const unit = (at) => exact.mean.map((m, i) => m + Number(i === at));
  const kernel = exact.mean.map((_, at) => exact.posterior(unit(at)).mean);
  const factor = cholesky(exact.posterior(exact.mean).covariance).map((row) =>
    row.map((value) => spread * value),
  );
  const decoder = {
    config: { kind: 'linear' },
    init: () => ({}),
    likelihood: (_params, _mode, z) => {
      const kernelOfZ = tensor2d(exact.weights.map((row) => [...row]));
      const mean = add(matMul(z, kernelOfZ, false, true), tensor1d([...exact.mean]));
      return normal(mean, fill(mean.shape, 2 * Math.log(exact.noise)));
    },
  };
  const posterior = (x) => {
    const mean = matMul(sub(x, tensor1d([...exact.mean])), tensor2d(kernel.map((row) => [...row])));
    const q = fullNormal(mean, tile(tensor3d([factor]), [mean.shape[0], 1, 1]));
    const made = { q, sample: q.sample, logProb: q.logProb, detach: () => made };
    return made;
  };
  const encoder = {
    config: { kind: 'scaled', spread },
    offers: ['posterior', 'logProb'],
    latent,
    init: () => ({}),
    posterior: (_params, _mode, x) => posterior(x),
  };
  const { x } = data.read(Uint32Array.from({ length: size }, (_, i) => i));
  return {
    exact,
    covariance: exact.posterior(exact.mean).covariance,
    model: compose({
      prior: standardNormal(latent),
      encoder,
      decoder,
      terms: [reconstruction(), kl()],
    }),
    params: { encoder: {}, decoder: {} },
    batch: () => ({ x: tensor2d(x, [size, exact.mean.length]) }),
    truth: exact.meanLogProb(x),
  };
}
