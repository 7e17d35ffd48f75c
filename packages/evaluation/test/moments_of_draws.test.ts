import { normal } from '@elbo/core';
import { key, normal as noise } from '@elbo/random';
import '@tensorflow/tfjs-backend-wasm';
import { fill, memory, setBackend, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { momentsOfDraws } from '../src/diagnosis/moments_of_draws.js';
import { meanOf } from './world.js';

beforeAll(() => setBackend('wasm'));

const rows = 100;
const dim = 2;

/** KL(N(m, exp l) ‖ N(μ, s²)), a mean over rows and a sum over dimensions. */
function divergence(m: Float32Array, l: Float32Array, mu: Float32Array, s: number): number {
  return (
    dim *
    meanOf(
      Array.from(m, (_, i) => {
        const [share, apart] = [Math.exp(l[i]!) / s ** 2, (m[i]! - mu[i]!) / s];
        return 0.5 * (share + apart ** 2 - 1 - Math.log(share));
      }),
    )
  );
}

it.each([
  ['as wide as the prior', 1, 1],
  ['narrow and far away', 100, 0.01],
])('are those of the posterior to a divergence of d / n: %s', (_name, far, sd) => {
  const mu = noise(key(1), rows * dim).map((value) => far * value);
  const before = memory().numTensors;
  const means = tensor2d(mu, [rows, dim]);
  const logVars: Tensor2D = fill([rows, dim], 2 * Math.log(sd));
  const [mean, logVar] = momentsOfDraws(normal(means, logVars), key(2), dim);
  const found = divergence(
    mean.dataSync() as Float32Array,
    logVar.dataSync() as Float32Array,
    mu,
    sd,
  );
  // Of 200 such, each χ² of two degrees over 2n: the mean is d / n ± a tenth. A discriminator is to find hundredths of a nat.
  expect(found).toBeLessThan(1.5 * (dim / 1024));
  for (const tensor of [means, logVars, mean, logVar]) tensor.dispose();
  expect(memory().numTensors).toBe(before);
});
