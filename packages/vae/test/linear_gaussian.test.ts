import { normal, standardNormal } from '@elbo/core';
import { linearGaussian, ppca } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { flowEncoder, gaussianEncoder } from '@elbo/encoders';
import { logLikelihood } from '@elbo/evaluation';
import { flatten } from '@elbo/networks';
import type { Decoder } from '@elbo/objectives';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { disposeState, toBatch } from '@elbo/training';
import { add, dispose, fill, matMul, memory, tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vae } from '../src/index.js';
import { fit, meanElbo, valuesOf, worldOf } from './support.js';

const data = linearGaussian({
  weights: [
    [1, 0.8],
    [0.6, 1],
    [-0.5, -0.2],
    [0.4, 0.6],
  ],
  mean: [0.5, -1, 0.2, 0],
  noise: 0.7,
  size: 500,
  seed: 3,
});
const x = valuesOf(data);
const { exact } = data;

/** p(x|z) that the data were drawn from: it has no parameters. */
const trueDecoder: Decoder = {
  config: { kind: 'true' },
  init: () => ({}),
  likelihood: (_params, _mode, z) => {
    const columns = exact.weights[0]!.map((_, k) => exact.weights.map((row) => row[k]!));
    const mean = add(matMul(z, tensor2d(columns)), tensor1d([...exact.mean]));
    return normal(mean, fill(mean.shape, 2 * Math.log(exact.noise)));
  },
};

beforeAll(useWasm);

describe('on linear-Gaussian data', () => {
  it('with W, μ and σ trained it reaches the maximum likelihood of probabilistic PCA', async () => {
    const model = vae({
      prior: standardNormal(2),
      encoder: gaussianEncoder({ latent: 2 }),
      decoder: gaussianDecoder({ network: flatten(), shape: [4] }),
    });
    const state = await fit(model, data, { steps: 1200, rate: 0.03 });
    const { params } = state;
    const best = ppca(x, { dimension: 4, latent: 2 }).logLikelihood;
    const trained = worldOf(params.primal.decoder);
    const reached = trained.meanLogProb(x);
    // No linear-Gaussian model exceeds the maximum; σ and W are float32, so 1e-5 is rounding.
    expect(reached).toBeLessThan(best + 1e-5);
    expect(reached).toBeGreaterThan(best - 0.01);
    // W can rotate until the posterior is diagonal, so the bound is tight as well.
    const elbo = meanElbo(model, params, data, 300);
    expect(elbo.mean).toBeGreaterThan(best - 0.01 - 4 * elbo.error);
    expect(elbo.mean).toBeLessThan(reached + 4 * elbo.error);

    const rows = 20;
    const batch = toBatch({ x: x.slice(0, rows * 4) }, [4], 'rows');
    const samples = 500;
    const before = memory().numTensors;
    const sampled = await logLikelihood(model, params.primal, batch, { key: key(2), samples });
    expect(memory().numTensors).toBe(before);
    for (let i = 0; i < rows; i++) {
      // The delta method: the variance of the log of a mean of weights is about 1/ESS − 1/S; 1e-4 is float32.
      const error = Math.sqrt(1 / sampled.effectiveSampleSize[i]! - 1 / samples) + 1e-4;
      const row = trained.logProb(x.subarray(i * 4, i * 4 + 4));
      expect(Math.abs(sampled.logLikelihood[i]! - row)).toBeLessThan(4 * error);
    }
    dispose(Object.values(batch));
    disposeState(state);
  });

  it.each([
    // KL(best diagonal q ‖ p(z|x)), in closed form and the same for every x.
    ['diagonal', exact.diagonalGap],
    ['full', 0],
  ] as const)('with W fixed a %s q loses %f nat of log p(x)', async (covariance, gap) => {
    const model = vae({
      prior: standardNormal(2),
      encoder: gaussianEncoder({ latent: 2, covariance }),
      decoder: trueDecoder,
    });
    const state = await fit(model, data, { steps: 1000, rate: 0.05 });
    const elbo = meanElbo(model, state.params, data, 300);
    const bound = exact.meanLogProb(x) - gap;
    expect(elbo.mean).toBeLessThan(bound + 4 * elbo.error);
    expect(elbo.mean).toBeGreaterThan(bound - 0.01 - 4 * elbo.error);
    expect(exact.diagonalGap).toBeGreaterThan(0.1);
    disposeState(state);
  });

  it.each([
    ['autoregressive', 2],
    ['planar', 6],
  ] as const)(
    'with W fixed the %s flow of a diagonal normal loses less than any diagonal q',
    async (flow, steps) => {
      const model = vae({
        prior: standardNormal(2),
        encoder: flowEncoder({ latent: 2, flow, steps, hidden: [8] }),
        decoder: trueDecoder,
      });
      const state = await fit(model, data, { steps: 300, rate: 0.05 });
      const elbo = meanElbo(model, state.params, data, 50);
      const evidence = exact.meanLogProb(x);
      expect(elbo.mean).toBeLessThan(evidence + 4 * elbo.error);
      expect(elbo.mean).toBeGreaterThan(evidence - 0.75 * exact.diagonalGap + 4 * elbo.error);
      disposeState(state);
    },
  );
});
