import '@elbo/gradients';
import { normal, standardNormal, uniform, type Prior } from '@elbo/core';
import { linearGaussian } from '@elbo/datasets';
import {
  compose,
  kl,
  reconstruction,
  type Decoder,
  type Encoder,
  type Model,
  type PosteriorOf,
} from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { decoderOf } from '@elbo/testing/worlds';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  exp,
  fill,
  greater,
  log,
  memory,
  mul,
  setBackend,
  slice,
  square,
  sub,
  sum,
  tensor2d,
  where,
  zerosLike,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { estimateLikelihood, estimateOf, logLikelihood } from '../src/index.js';
import { meanOf, params, worldOf } from './world.js';

beforeAll(async () => {
  await setBackend('cpu');
});

/** An encoder that says N(mean, scale²) of every row, in each coordinate. */
function encoderAt(latent: number, mean: number, scale: number): Encoder<'posterior' | 'logProb'> {
  return {
    config: { kind: 'at' },
    offers: ['posterior', 'logProb'],
    latent,
    init: () => ({}),
    posterior: (_params, _mode, x) => {
      const shape: [number, number] = [x.shape[0], latent];
      const q = normal<Tensor2D>(fill(shape, mean), fill(shape, 2 * Math.log(scale)));
      const made: PosteriorOf<'logProb'> & { readonly q: typeof q } = {
        q,
        sample: q.sample,
        logProb: q.logProb,
        detach: () => made,
      };
      return made;
    },
  };
}

/** A model of one dimension by log p(x|z). */
function modelBy(
  logLikelihoodOf: (x: Tensor2D, z: Tensor2D) => Tensor1D,
  encoder: Encoder<'posterior' | 'logProb'> = encoderAt(1, 1, 0.1),
  prior: Prior = standardNormal(1),
): Model {
  const decoder: Decoder = {
    config: { kind: 'by' },
    init: () => ({}),
    likelihood: (_params, _mode, z) => ({
      sample: () => z,
      mean: () => z,
      logProb: (x) => logLikelihoodOf(x as Tensor2D, z),
    }),
  };
  return compose({ prior, encoder, decoder, terms: [reconstruction(), kl()] });
}

const sigma = 0.25;
const logNormal = (off: Tensor2D, scale: number): Tensor1D =>
  sub(mul(-0.5 / scale ** 2, sum(square(off), 1)), Math.log(scale * Math.sqrt(2 * Math.PI)));
/** x|z ~ N(z², σ²): two modes, ±√x, of which the encoder knows one. */
const squared = modelBy((x, z) => logNormal(sub(x, square(z)), sigma));
const logSquared = (x: number): number => {
  const [step, reach] = [1e-3, 8];
  let total = 0;
  for (let z = -reach; z <= reach; z += step)
    total += Math.exp(-0.5 * z * z - 0.5 * ((x - z * z) / sigma) ** 2);
  return Math.log((total * step) / (2 * Math.PI * sigma));
};

describe('a proposal that is fitted to each row', () => {
  it.each([
    [8, 0.75],
    [20, 0.7],
  ])(
    'finds log p(x) in %i correlated dimensions from an encoder that is wrong of them all',
    async (latent, share) => {
      const dimension = latent + 4;
      const weights = Array.from({ length: dimension }, (_, i) =>
        Array.from(
          { length: latent },
          (__, k) => Math.sin(1 + 3 * i * i + 7 * k) + (i === k ? 1 : 0),
        ),
      );
      const { exact, read } = linearGaussian({ size: 2, weights });
      const model = compose({
        prior: standardNormal(latent),
        encoder: encoderAt(latent, 0.3, 0.05),
        decoder: decoderOf(exact),
        terms: [reconstruction(), kl()],
      });
      const { x: values } = await read(Uint32Array.of(0, 1), key(0));
      const x = tensor2d(Float32Array.from(values), [2, dimension]);
      const samples = 500;
      const before = memory().numTensors;
      const found = await estimateLikelihood(model, params, { x }, { key: key(1), samples });
      expect(memory().numTensors).toBe(before);
      expect(found.medianEffectiveSampleSize / samples).toBeGreaterThan(share);
      for (let row = 0; row < 2; row++) {
        const truth = exact.logProb([...values.subarray(row * dimension, (row + 1) * dimension)]);
        const error = Math.sqrt(1 / found.effectiveSampleSize[row]! - 1 / samples);
        expect(error).toBeLessThan(0.05);
        expect(Math.abs(found.logLikelihood[row]! - truth)).toBeLessThan(4.5 * error + 1e-3);
      }
      expect(found.poorRows).toBe(0);
      expect(found.bias).toBeLessThan(1e-3);
    },
  );

  it('fits variances alone beyond 32 dimensions', async () => {
    const latent = 36;
    const weights = Array.from({ length: latent }, (_, i) =>
      Array.from({ length: latent }, (__, k) => (i === k ? 0.1 * (1 + (i % 7)) : 0)),
    );
    const { exact, read } = linearGaussian({ size: 1, weights });
    const model = compose({
      prior: standardNormal(latent),
      encoder: encoderAt(latent, 0.3, 0.2),
      decoder: decoderOf(exact),
      terms: [reconstruction(), kl()],
    });
    const { x: values } = await read(Uint32Array.of(0), key(0));
    const x = tensor2d(Float32Array.from(values), [1, latent]);
    const samples = 300;
    const found = await estimateLikelihood(model, params, { x }, { key: key(8), samples });
    expect(found.medianEffectiveSampleSize / samples).toBeGreaterThan(0.5);
    expect(Math.abs(found.mean - exact.logProb([...values]))).toBeLessThan(
      4.5 * found.samplingError + 1e-3,
    );
  });

  it('has weights whose mean is p(x), with a spread as stated, where the posterior has a mode that the encoder lacks', async () => {
    const x = tensor2d([[1], [0.1], [-0.2]]);
    const truth = meanOf([1, 0.1, -0.2].map(logSquared));
    const repetitions = 20;
    const found = [];
    for (let i = 0; i < repetitions; i++)
      found.push(
        await estimateLikelihood(squared, params, { x }, { key: fold(key(2), i), samples: 300 }),
      );
    const { mean, error } = estimateOf(found.map((each) => each.mean - truth));
    // The delta method's bias, ½ (1/ESS − 1/S), is some thousandths.
    expect(Math.abs(mean)).toBeLessThan(4 * error + 3e-3);
    const stated = meanOf(found.map(({ samplingError }) => samplingError));
    // A standard deviation of 20 values is right to a share of 1/√38.
    expect((error * Math.sqrt(repetitions)) / stated).toBeLessThan(1 + 3.5 / Math.sqrt(38));
    expect(Math.min(...found.map((each) => each.medianEffectiveSampleSize))).toBeGreaterThan(90);
    // The encoder's own is short by the other mode, and more.
    const own = await estimateLikelihood(
      squared,
      params,
      { x },
      { key: key(3), samples: 300, proposal: 'posterior' },
    );
    expect(own.logLikelihood[0]!).toBeLessThan(logSquared(1) - 0.5);
  });

  it('sees what lies far from where the mass is', async () => {
    // A spike on a plateau, which holds a twentieth: ∫ (h + N(z; 0, s²)) N(z; 0, 1) dz = h + N(0; 0, 1 + s²).
    const [plateau, scale] = [0.02, 0.05];
    const spike = modelBy(
      (_x, z) => log(add(plateau, exp(logNormal(z, scale)))),
      encoderAt(1, 0, scale),
    );
    const truth = Math.log(plateau + 1 / Math.sqrt(2 * Math.PI * (1 + scale ** 2)));
    const found = await estimateLikelihood(
      spike,
      params,
      { x: tensor2d([[0]]) },
      { key: key(9), samples: 4000 },
    );
    expect(found.samplingError).toBeLessThan(0.01);
    expect(Math.abs(found.mean - truth)).toBeLessThan(4 * found.samplingError);
  });

  it('is right where z has no density, and where nothing depends on z', async () => {
    const minusInfinity = (z: Tensor1D): Tensor1D => fill(z.shape, -Infinity);
    const positive = modelBy((_x, z) => {
      const flat: Tensor1D = sum(z, 1);
      return where(greater(flat, 0), zerosLike(flat), minusInfinity(flat));
    });
    const constant = modelBy((_x, z) => zerosLike(sum<Tensor1D>(z, 1)));
    const box = modelBy(
      (x, z) => logNormal(sub(x, z), sigma),
      encoderAt(1, 0, 3),
      uniform({ dim: 1, low: 0, high: 2 }),
    );
    const x = tensor2d([[0]]);
    for (const [model, truth] of [
      [positive, Math.log(0.5)],
      [constant, 0],
      [box, Math.log(0.25)],
    ] as const) {
      const found = await estimateLikelihood(model, params, { x }, { key: key(4), samples: 2000 });
      expect(Math.abs(found.mean - truth)).toBeLessThan(4.5 * found.samplingError + 1e-4);
      expect(found.medianEffectiveSampleSize).toBeGreaterThan(600);
    }
    const none = modelBy((_x, z) => minusInfinity(sum(z, 1)));
    const found = await estimateLikelihood(none, params, { x }, { key: key(4), samples: 200 });
    expect(found.mean).toBe(-Infinity);
    expect(found.effectiveSampleSize[0]).toBe(0);
    expect(found.bias).toBeUndefined();
  });

  it('finds of a row the same bits whatever is beside it, and however z are cut', async () => {
    const x = tensor2d([[1], [0.2], [2], [0.5]]);
    const options = { key: key(5), samples: 120 };
    const whole = await logLikelihood(squared, params, { x }, options);
    for (const chunk of [1, 7, 300])
      expect(await logLikelihood(squared, params, { x }, { ...options, chunk })).toEqual(whole);
    const others = add(x, tensor2d([[0], [0], [-1], [3]]));
    const part = await logLikelihood(squared, params, { x: slice(others, 0, 3) }, options);
    expect(part.logLikelihood.slice(0, 2)).toEqual(whole.logLikelihood.slice(0, 2));
  });

  it('states no bias of fewer than 100 effective samples, and says of how many rows', async () => {
    const x = tensor2d([[1], [0.5]]);
    const options = { key: key(6), samples: 99 };
    const found = await estimateLikelihood(squared, params, { x }, options);
    expect(found.bias).toBeUndefined();
    expect(found.poorRows).toBe(2);
  });

  it('names the row whose density is NaN, ends when it is aborted, and leaves nothing behind', async () => {
    const x = tensor2d([[1], [NaN], [1]]);
    const before = memory().numTensors;
    const options = { key: key(7), samples: 100 };
    await expect(logLikelihood(squared, params, { x }, options)).rejects.toThrow(
      'log p(x, z) of row 1 is NaN',
    );
    const signal = AbortSignal.abort();
    await expect(logLikelihood(squared, params, { x }, { ...options, signal })).rejects.toThrow(
      'abort',
    );
    const wild = modelBy((_x, z) => sum(z, 1), encoderAt(1, NaN, 1));
    await expect(logLikelihood(wild, params, { x }, options)).rejects.toThrow(
      'row 0 are not finite',
    );
    expect(memory().numTensors).toBe(before);
    await expect(
      logLikelihood(worldOf(), params, { x }, { ...options, samples: 0 }),
    ).rejects.toThrow("'samples' must be a whole number from 1");
  });
});
