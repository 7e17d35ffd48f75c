import { normal as normalDistribution, standardNormal } from '@elbo/core';
import { fromArrays, ring, type Dataset } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { concatDiscriminator, denseDiscriminator } from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { r1, type Decoder } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { disposeState } from '@elbo/training';
import { linspace, reshape, tensor2d, tidy, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { bigan, gan } from '../src/index.js';
import { finish } from './support.js';

beforeAll(useWasm);

const falling = (from: number, steps: number) => adam(cosine({ from, steps }), { beta1: 0.5 });
const values = (tensor: Tensor): Float32Array => tensor.dataSync<'float32'>();

it('the discriminator reaches the log-ratio of two known densities', async () => {
  // x ~ N(1, .7²) against what the generator makes of z ~ N(0, 1): z itself.
  const data = fromArrays({
    name: 'normal',
    x: normal(key(1), 20_000).map((value) => 1 + 0.7 * value),
    shape: [1],
    range: 'finite',
  });
  const itself: Decoder = {
    config: { kind: 'itself' },
    init: () => ({}),
    likelihood: (_params, _mode, z) => normalDistribution(z, zerosLike(z)),
  };
  const discriminator = denseDiscriminator({ hidden: [24, 24], activation: 'elu' });
  const model = gan({ prior: standardNormal(1), decoder: itself, discriminator });
  const steps = 300;
  const state = await finish(model, data, {
    steps,
    batchSize: 256,
    seed: 4,
    warmUp: steps,
    primal: adam(1e-3),
    dual: falling(1e-2, steps),
  });
  tidy(() => {
    // Where both densities are: within two standard deviations of either mean.
    const grid = linspace(-0.4, 2, 25);
    const scores = values(
      discriminator.apply(
        state.params.dual['adversarial-x']!,
        { training: false, key: key(1) },
        reshape(grid, [25, 1]),
      ),
    );
    values(grid).forEach((x, i) => {
      const ratio = -Math.log(0.7) - (x - 1) ** 2 / (2 * 0.49) + x ** 2 / 2;
      // Some 6 effective parameters learned from 5000 pairs and more: errors of a few hundredths, and a margin.
      expect(Math.abs(scores[i]! - ratio)).toBeLessThan(0.2);
    });
  });
  disposeState(state);
});

it('finds at least 6 of the 8 modes of a ring in a few seconds', async () => {
  const data = ring({ sd: 0.1, size: 5000 });
  const model = gan({
    prior: standardNormal(2),
    decoder: gaussianDecoder({ network: mlp({ hidden: [32, 32] }), shape: [2], sigma: 1 }),
    discriminator: denseDiscriminator({ hidden: [32, 32] }),
    penalties: [r1({ weight: 0.1 })],
  });
  /** How many of the modes one of 1000 samples at least is within 3 σ of, after so many steps. */
  const found = async (steps: number): Promise<number> => {
    const optimiser = falling(4e-3, 400);
    const options = { batchSize: 64, seed: 1, primal: optimiser, dual: optimiser };
    const state = await finish(model, data, { ...options, steps });
    const samples = values(model.sample(state.params.primal, key(2), 1000));
    disposeState(state);
    const reached = (mode: number): boolean =>
      samples.some(
        (x, i) =>
          i % 2 === 0 &&
          Math.hypot(x - data.modes[2 * mode]!, samples[i + 1]! - data.modes[2 * mode + 1]!) <
            3 * data.sd,
      );
    return Array.from({ length: 8 }, (_, mode) => reached(mode)).filter(Boolean).length;
  };
  expect(await found(1)).toBeLessThan(6);
  expect(await found(400)).toBeGreaterThanOrEqual(6);
});

it('a BiGAN learns to encode what it generates, without a reconstruction', async () => {
  const rows = 4000;
  const data: Dataset = fromArrays({
    name: 'normal',
    x: normal(key(5), 2 * rows).map((value, i) => (i % 2 === 0 ? 2 * value + 1 : value)),
    shape: [2],
    range: 'finite',
  });
  const network = mlp({ hidden: [16], activation: 'tanh' });
  const model = bigan({
    prior: standardNormal(2),
    encoder: gaussianEncoder({ network, latent: 2 }),
    decoder: gaussianDecoder({ network, shape: [2], sigma: 1 }),
    discriminator: concatDiscriminator({ hidden: [32, 32], zeroOutput: false }),
    penalties: [r1({ weight: 0.1 })],
  });
  const steps = 500;
  /** The mean square of x − G(z) with z ~ q(z|x), over the variance of x. */
  const unexplained = (state: Awaited<ReturnType<typeof finish>>): number =>
    tidy(() => {
      const x = tensor2d(
        normal(key(6), 400).map((v, i) => (i % 2 === 0 ? 2 * v + 1 : v)),
        [200, 2],
      );
      const made = values(model.reconstruct(state.params.primal, { x }, key(7)));
      return values(x).reduce((sum, value, i) => sum + (value - made[i]!) ** 2 / 200, 0) / 5;
    });
  const options = {
    batchSize: 64,
    seed: 2,
    primal: falling(3e-3, steps),
    dual: falling(3e-3, steps),
  };
  const [first, last] = [
    await finish(model, data, { ...options, steps: 1 }),
    await finish(model, data, { ...options, steps }),
  ];
  expect(unexplained(first)).toBeGreaterThan(0.8);
  expect(unexplained(last)).toBeLessThan(0.25);
  disposeState(first);
  disposeState(last);
});
