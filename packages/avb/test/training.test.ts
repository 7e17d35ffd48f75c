import { linearGaussian } from '@elbo/datasets';
import { concatDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, implicitEncoder } from '@elbo/encoders';
import type { Model } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { decoderOf } from '@elbo/testing/worlds';
import { disposeState, type State, type TrainOptions } from '@elbo/training';
import { dispose, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { avb, type ContrastKind } from '../src/index.js';
import { entropyOf } from './entropy.js';
import { falling, finish, prior, valuesOf } from './support.js';

beforeAll(useWasm);

const world = {
  weights: [
    [1, 0.8],
    [0.6, 1],
    [-0.5, -0.2],
    [0.4, 0.6],
  ],
  mean: [0, 0, 0, 0],
  noise: 0.7,
};
const data = linearGaussian({ ...world, size: 4000 });
const held = valuesOf(linearGaussian({ ...world, size: 8, split: 'test' }));
const { exact } = data;

/** The mean over held-out rows of KL(q(z|x) ‖ p(z|x)), which needs no discriminator: log p(x) less the true ELBO. */
function gapOf(model: Model, { params }: Pick<State, 'params'>): number {
  const rows = held.length / 4;
  const draws = 1000;
  const x = tensor2d(held, [rows, 4]);
  const z = tidy(() => {
    const forward = model.forward(params.primal, { x }, { step: 0, key: key(3), training: false });
    const drawn = forward.pass.posterior.sample(key(4), draws).dataSync<'float32'>().slice();
    forward.dispose();
    return drawn;
  });
  dispose(x);
  let gap = 0;
  for (let row = 0; row < rows; row++) {
    const points = Float32Array.from(
      { length: 2 * draws },
      (_, i) => z[2 * ((i >> 1) * rows + row) + (i % 2)]!,
    );
    const { mean, covariance } = exact.posterior(held.subarray(4 * row, 4 * row + 4));
    const [[a, b], [, d]] = covariance as [[number, number], [number, number]];
    const determinant = a * d - b * b;
    let log = 0;
    for (let i = 0; i < draws; i++) {
      const [u, v] = [points[2 * i]! - mean[0]!, points[2 * i + 1]! - mean[1]!];
      log -= (d * u * u - 2 * b * u * v + a * v * v) / (2 * determinant) / draws;
    }
    log -= Math.log(2 * Math.PI) + 0.5 * Math.log(determinant);
    gap += (-entropyOf(points) - log) / rows;
  }
  return gap;
}

const discriminator = concatDiscriminator({ hidden: [32, 32] });
const encoders = {
  plain: implicitEncoder({ latent: 2, noise: 4, hidden: [32], outputNoise: 0.05 }),
  adaptive: implicitEncoder({
    latent: 2,
    noise: 4,
    hidden: [32],
    outputNoise: 0.05,
    momentSamples: 32,
  }),
  anchored: anchoredEncoder({ latent: 2, noise: 2, hidden: [16] }),
};

/** The gap before and after training. */
async function gapsOf(
  contrast: ContrastKind,
  options: Partial<TrainOptions> & { readonly steps: number },
): Promise<{ readonly before: number; readonly after: number }> {
  const model = avb({
    prior,
    encoder: encoders[contrast],
    decoder: decoderOf(exact),
    discriminator,
    contrast,
  });
  const params = model.init(key(1), [4]);
  const before = gapOf(model, { params });
  const { state } = await finish(model, data, {
    batchSize: 128,
    seed: 6,
    primal: falling(1e-2, options.steps),
    dual: falling(1e-2, options.steps * (options.dualSteps ?? 1)),
    every: options.steps,
    ...options,
  });
  const after = gapOf(model, state);
  disposeState(state);
  return { before, after };
}

it('the entropy of normal draws is what it is known to be', () => {
  // Var Ĥ is (Var log q + ψ'(k)) / n, near 1.3 / n for a normal in two dimensions and k = 4.
  const n = 2000;
  const points = normal(key(2), 2 * n).map((v, i) => (i % 2 === 0 ? 0.3 * v : 2 * v));
  const exactEntropy = 1 + Math.log(2 * Math.PI) + Math.log(0.3 * 2);
  expect(Math.abs(entropyOf(points) - exactEntropy)).toBeLessThan(4 * Math.sqrt(1.3 / n));
});

describe('in the linear-Gaussian world', () => {
  it('the posterior comes nearer to the true one than any normal with independent coordinates', async () => {
    const { after } = await gapsOf('adaptive', { steps: 500 });
    expect(after).toBeLessThan(0.5 * exact.diagonalGap);
    // The estimate over 8 rows of 1000 draws has a standard error of about √(1.3 / 8000).
    expect(after).toBeGreaterThan(-4 * Math.sqrt(1.3 / 8000));
  });

  it.each([
    ['plain', { dualSteps: 2 }],
    ['anchored', { dualSteps: 2 }],
    ['anchored', { simultaneous: true }],
  ] as const)('the true ELBO rises with %s contrast, %j', async (contrast, how) => {
    const { before, after } = await gapsOf(contrast, { steps: 250, ...how });
    expect(after).toBeLessThan(before / 4);
  });
});
