import '@elbo/gradients';
import { normal, standardNormal, table, type Params, type TableColumn } from '@elbo/core';
import {
  compose,
  reconstruction,
  type Decoder,
  type Encoder,
  type Model,
  type PosteriorOf,
} from '@elbo/objectives';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  concat,
  fill,
  matMul,
  memory,
  setBackend,
  slice,
  tensor1d,
  tensor2d,
  zeros,
  zerosLike,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { impute, posteriorSamples } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const columns: readonly TableColumn[] = [
  { type: 'number', missing: true },
  { type: 'number', missing: true },
  { type: 'category', size: 2, missing: true },
];
const sigma = 0.5;
const weights = [1.2, -0.7, 0, 2];
/** x₁ = 1.2 z + 1 + ε, x₂ = −.7 z − 1 + ε, and a category of logits 0 and 2 z. */
const decoder: Decoder = {
  config: { kind: 'known' },
  support: { kind: 'real' },
  init: () => ({}),
  likelihood: (_params, _mode, z) => {
    const made = add<Tensor2D>(matMul(z, tensor2d(weights, [1, 4])), tensor1d([1, -1, 0, 0]));
    const [rows] = z.shape;
    return table(columns, {
      locations: slice(made, [0, 0], [rows, 2]),
      logScales: fill([rows, 2], Math.log(sigma)),
      logits: slice(made, [0, 2], [rows, 2]),
    });
  },
};
/** An encoder that knows nothing: N(.5, .2²) whatever is seen. */
const encoder: Encoder<'posterior' | 'logProb'> = {
  config: { kind: 'ignorant' },
  offers: ['posterior', 'logProb'],
  latent: 1,
  init: () => ({}),
  posterior: (_params, _mode, x) => {
    const q = normal<Tensor2D>(
      fill([x.shape[0], 1], 0.5),
      fill([x.shape[0], 1], 2 * Math.log(0.2)),
    );
    const made: PosteriorOf<'logProb'> & { readonly q: typeof q } = {
      q,
      sample: q.sample,
      logProb: q.logProb,
      detach: () => made,
    };
    return made;
  },
};
/** The same in two dimensions: N(0, 2²). */
const wide: typeof encoder.posterior = (_params, _mode, x) => {
  const q = normal<Tensor2D>(fill([x.shape[0], 2], 0), fill([x.shape[0], 2], 2 * Math.log(2)));
  const made: PosteriorOf<'logProb'> & { readonly q: typeof q } = {
    q,
    sample: q.sample,
    logProb: q.logProb,
    detach: () => made,
  };
  return made;
};
const model: Model = compose({
  prior: standardNormal(1),
  encoder,
  decoder,
  terms: [reconstruction()],
});
const params = { decoder: {} as Params, encoder: {} as Params };

/** Rows of [x₁, x₂, category one-hot, whether each is seen]. */
const rows = (...values: readonly (readonly number[])[]): { readonly x: Tensor2D } => ({
  x: tensor2d(values as number[][]),
});

const meanOf = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / values.length;
const varianceOf = (values: readonly number[]): number => {
  const mean = meanOf(values);
  return meanOf(values.map((value) => (value - mean) ** 2));
};

describe('rows of which one number is seen', () => {
  // z | x₁ is normal: precision 1 + w²/σ², mean w (x₁ − 1) / σ² over it.
  const x1 = 2.1;
  const precision = 1 + (1.2 / sigma) ** 2;
  const z = { mean: (1.2 * (x1 - 1)) / sigma ** 2 / precision, variance: 1 / precision };
  const batch = (): { readonly x: Tensor2D } => rows([x1, 0, 0, 0, 1, 0, 0]);
  const draws = 1000;

  it('have the posterior that is known, whatever the encoder', async () => {
    const found = await posteriorSamples(model, params, batch(), { key: key(1), draws });
    const values = [...found.z];
    expect(values).toHaveLength(draws);
    const error = Math.sqrt(z.variance / Math.min(draws, found.effectiveSampleSize[0]!));
    expect(Math.abs(meanOf(values) - z.mean)).toBeLessThan(4 * error);
    // The variance of a variance of n normals is 2 σ⁴/n.
    const spread = z.variance * Math.sqrt(2 / Math.min(draws, found.effectiveSampleSize[0]!));
    expect(Math.abs(varianceOf(values) - z.variance)).toBeLessThan(4 * spread);
    expect(found.effectiveSampleSize[0]).toBeGreaterThan(1000);
    expect(found.effectiveSampleSize[0]).toBeLessThanOrEqual(2000);
  });

  it('have the mean and the spread of the other that a Gaussian has, and the category’s odds', async () => {
    const found = await impute(model, params, batch(), { key: key(2), draws });
    const other = { mean: -0.7 * z.mean - 1, variance: 0.7 ** 2 * z.variance + sigma ** 2 };
    const ofMean = 4 * 0.7 * Math.sqrt(z.variance / draws);
    expect(Math.abs(found.mean[1]! - other.mean)).toBeLessThan(ofMean + 1e-5);
    const drawn = Array.from({ length: draws }, (_, i) => found.draws[i * 7 + 1]!);
    expect(Math.abs(meanOf(drawn) - other.mean)).toBeLessThan(
      4 * Math.sqrt(other.variance / draws),
    );
    expect(Math.abs(varianceOf(drawn) - other.variance)).toBeLessThan(
      4 * other.variance * Math.sqrt(2 / draws),
    );
    // E σ(2 z) by quadrature.
    let odds = 0;
    for (let i = -400; i <= 400; i++) {
      const at = z.mean + (i / 50) * Math.sqrt(z.variance);
      const density = Math.exp(-((i / 50) ** 2) / 2) / Math.sqrt(2 * Math.PI) / 50;
      odds += density / (1 + Math.exp(-2 * at));
    }
    expect(Math.abs(found.mean[3]! - odds)).toBeLessThan(
      4 * Math.sqrt((odds * (1 - odds)) / draws),
    );
    expect(found.mean[2]! + found.mean[3]!).toBeCloseTo(1, 5);
  });

  it('do not depend on the rows that are read with them, and leave no tensor', async () => {
    const alone = await impute(model, params, batch(), { key: key(3), draws: 50 });
    const before = memory().numTensors;
    const own = batch();
    const again = await impute(model, params, own, { key: key(3), draws: 50 });
    own.x.dispose();
    expect(memory().numTensors).toBe(before);
    expect(again).toEqual(alone);
    const two = rows([x1, 0, 0, 0, 1, 0, 0], [0, 1, 0, 1, 0, 1, 1]);
    const both = await posteriorSamples(model, params, two, { key: key(3), draws: 50 });
    const one = await posteriorSamples(model, params, batch(), { key: key(3), draws: 50 });
    expect([...both.z.subarray(0, 50)]).toEqual([...one.z]);
  });
});

describe('rows in two dimensions of z, each with a condition', () => {
  // x₁ = z₁ + c + ε, x₂ = z₂ + ε: what is seen of one says nothing of the other.
  const conditioned: Decoder = {
    ...decoder,
    likelihood: (_params, _mode, z, condition) => {
      const [n] = z.shape;
      const shift = concat([condition!, zerosLike(condition!)], 1);
      return table(columns, {
        locations: add<Tensor2D>(z, shift),
        logScales: fill([n, 2], Math.log(sigma)),
        logits: zeros([n, 2]),
      });
    },
  };
  const own: Model = compose({
    prior: standardNormal(2),
    encoder: { ...encoder, latent: 2, posterior: wide },
    decoder: conditioned,
    terms: [reconstruction()],
  });
  const draws = 500;
  const precision = 1 + 1 / sigma ** 2;
  const seenAt = [1.5, -0.5, 2];
  const conditions = [10, 20, 30];
  const batch = (): { readonly x: Tensor2D; readonly condition: Tensor2D } => ({
    ...rows(...seenAt.map((x) => [0, x, 1, 0, 0, 1, 1])),
    condition: tensor2d(conditions, [3, 1]),
  });

  it('have each its own draws, of all coordinates', async () => {
    const { z } = await posteriorSamples(own, params, batch(), { key: key(5), draws });
    expect(z).toHaveLength(3 * draws * 2);
    seenAt.forEach((x, row) => {
      const at = (coordinate: number): number[] =>
        Array.from({ length: draws }, (_, i) => z[(row * draws + i) * 2 + coordinate]!);
      const error = 4 / Math.sqrt(draws);
      expect(Math.abs(meanOf(at(0)))).toBeLessThan(error);
      expect(Math.abs(meanOf(at(1)) - x / sigma ** 2 / precision)).toBeLessThan(
        error / Math.sqrt(precision),
      );
    });
  });

  it('are imputed by their own condition, in parts as all at once', async () => {
    const [whole, parts] = [
      await impute(own, params, batch(), { key: key(5), draws, chunk: 5 * draws }),
      await impute(own, params, batch(), { key: key(5), draws, chunk: draws }),
    ];
    conditions.forEach((c, row) => {
      for (const found of [whole, parts]) {
        expect(Math.abs(found.mean[row * 7]! - c)).toBeLessThan(4 / Math.sqrt(draws));
        const drawn = Array.from({ length: draws }, (_, i) => found.draws[(row * draws + i) * 7]!);
        expect(Math.abs(meanOf(drawn) - c)).toBeLessThan(4 * Math.sqrt((1 + sigma ** 2) / draws));
      }
    });
  });
});

it('what nothing is seen of is as the prior makes it', async () => {
  const found = await impute(model, params, rows([0, 0, 0, 0, 0, 0, 0]), {
    key: key(4),
    draws: 1000,
  });
  expect(Math.abs(found.mean[0]! - 1)).toBeLessThan((4 * 1.2) / Math.sqrt(1000));
  expect(Math.abs(found.mean[3]! - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 1000));
});
