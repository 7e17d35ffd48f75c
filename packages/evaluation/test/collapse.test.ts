import { bernoulli, normal, standardNormal, type Network } from '@elbo/core';
import {
  adversarialX,
  compose,
  kl,
  reconstruction,
  standardised,
  type Decoder,
  type Encoder,
  type Model,
  type PosteriorOf,
} from '@elbo/objectives';
import { key, normal as normalArray, uniform } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  concat,
  fill,
  memory,
  mul,
  setBackend,
  slice,
  sub,
  sum,
  square,
  tensor2d,
  tidy,
  zerosLike,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { activeUnits, compareSamples, findCollapse, ownCodeGain, resampled } from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const rows = (seed: number, n: number, dim: number, at = 0): Tensor2D =>
  tensor2d(
    normalArray(key(seed), n * dim).map((value) => value + at),
    [n, dim],
  );

describe('compareSamples', () => {
  const n = 400;

  it('finds the coverage and the diversity that samples of the same distribution should have', async () => {
    const { coverage, expectedCoverage, diversity, density, precision, recall } =
      await compareSamples(rows(1, n, 2), rows(2, n, 2));
    // Neighbouring rows are covered by the same samples, some k = 5 of them: that many times the binomial variance.
    const error = Math.sqrt((5 * expectedCoverage * (1 - expectedCoverage)) / n);
    expect(expectedCoverage).toBeCloseTo(1 - 2 ** -5, 1);
    expect(Math.abs(coverage - expectedCoverage)).toBeLessThan(4 * error);
    // The mean of squared distances has about the relative error of a variance, √(2/(2n)) for each of the two.
    expect(Math.abs(diversity - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    // A sample lies near k rows on the average, with a variance of about k; rows share their samples.
    expect(Math.abs(density - 1)).toBeLessThan(4 * Math.sqrt(2 / (5 * n)));
    expect(Math.min(precision, recall)).toBeGreaterThan(0.9);
  });

  it('sees that half of the data is left out', async () => {
    const data = tidy(() => concat([rows(3, n / 2, 2, -20), rows(4, n / 2, 2, 20)], 0));
    const { coverage } = await compareSamples(rows(5, n, 2, 20), data);
    expect(coverage).toBeLessThanOrEqual(0.5);
    expect(coverage).toBeGreaterThan(0.4);
  });

  it('tells samples that leave out data from samples that are no data', async () => {
    const [narrow, wide] = [
      tidy(() => mul(0.2, rows(31, n, 2))),
      tidy(() => mul(5, rows(32, n, 2))),
    ];
    const left = await compareSamples(narrow, rows(33, n, 2));
    expect(left.precision).toBeGreaterThan(0.95);
    expect(left.recall).toBeLessThan(0.3);
    expect(left.density).toBeGreaterThan(1);
    const strange = await compareSamples(wide, rows(33, n, 2));
    expect(strange.precision).toBeLessThan(0.3);
    expect(strange.recall).toBeGreaterThan(0.95);
    expect(strange.coverage).toBeLessThan(0.5);
  });

  it('equals a plain double loop', async () => {
    const [a, b] = [uniform(key(6), 30 * 3), uniform(key(7), 20 * 3)];
    const found = await compareSamples(tensor2d(a, [30, 3]), tensor2d(b, [20, 3]), 2);
    const distance = (u: Float32Array, i: number, v: Float32Array, j: number): number =>
      [0, 1, 2].reduce((total, d) => total + (u[3 * i + d]! - v[3 * j + d]!) ** 2, 0);
    const indices = (length: number): readonly number[] => Array.from({ length }, (_, i) => i);
    const radius = (u: Float32Array, length: number, i: number): number =>
      indices(length)
        .filter((j) => j !== i)
        .map((j) => distance(u, i, u, j))
        .toSorted((x, y) => x - y)[1]!;
    const covered = indices(20).filter((i) => {
      return indices(30).some((j) => distance(b, i, a, j) <= radius(b, 20, i));
    });
    expect(found.coverage).toBeCloseTo(covered.length / 20, 6);
    const near = indices(30).map(
      (i) => indices(20).filter((j) => distance(a, i, b, j) <= radius(b, 20, j)).length,
    );
    expect(found.precision).toBeCloseTo(near.filter((count) => count > 0).length / 30, 6);
    expect(found.density).toBeCloseTo(near.reduce((x, y) => x + y, 0) / (2 * 30), 6);
    const recalled = indices(20).filter((j) =>
      indices(30).some((i) => distance(a, i, b, j) <= radius(a, 30, i)),
    );
    expect(found.recall).toBeCloseTo(recalled.length / 20, 6);
    const mean = (u: Float32Array, length: number): number =>
      indices(length)
        .flatMap((i) => indices(length).map((j) => distance(u, i, u, j)))
        .reduce((x, y) => x + y, 0) /
      (length * (length - 1));
    expect(found.diversity).toBeCloseTo(mean(a, 30) / mean(b, 20), 4);
  });

  it('refuses what cannot be compared', async () => {
    await expect(compareSamples(rows(1, 9, 2), rows(2, 9, 3))).rejects.toThrow('of one shape');
    await expect(compareSamples(rows(1, 9, 2), rows(2, 5, 2))).rejects.toThrow(
      '6 samples and rows',
    );
  });
});

/** x|z ~ N(z, I) of its first two coordinates; the others are idle. With `deaf`, of none. */
const decoderOf = (deaf: boolean): Decoder => ({
  config: { kind: 'shift', deaf },
  init: () => ({}),
  likelihood: (_params, _mode, z) => {
    const seen = slice(z, [0, 0], [-1, 2]);
    return normal(deaf ? zerosLike(seen) : seen, fill(seen.shape, 0));
  },
});

/** The exact posterior of the two coordinates, N(x/2, ½), and the prior for the third. */
const encoder: Encoder<'posterior' | 'logProb'> = {
  config: { kind: 'exact' },
  offers: ['posterior', 'logProb'],
  latent: 3,
  init: () => ({}),
  posterior: (_params, _mode, x) => {
    const n = x.shape[0];
    const mean: Tensor2D = concat([mul<Tensor2D>(0.5, x as Tensor2D), fill([n, 1], 0)], 1);
    const logVar: Tensor2D = concat([fill([n, 2], Math.log(0.5)), fill([n, 1], 0)], 1);
    const q = normal(mean, logVar);
    const posterior: PosteriorOf<'logProb'> & { mean: Tensor2D; logVar: Tensor2D } = {
      mean,
      logVar,
      sample: q.sample,
      logProb: q.logProb,
      detach: () => posterior,
    };
    return posterior;
  },
};

const vae = (deaf: boolean): Model =>
  compose({
    prior: standardNormal(3),
    encoder,
    decoder: decoderOf(deaf),
    terms: [reconstruction(), kl()],
  });
const n = 500;
const data = (): { readonly x: Tensor2D } => ({
  x: tidy(() => mul(Math.SQRT2, rows(8, n, 2))),
});
const params = { primal: { encoder: {}, decoder: {} }, dual: {} };

describe('the use that is made of z', () => {
  it('is what the closed form says', async () => {
    const { mean, error } = await ownCodeGain(vae(false), params, data(), key(9));
    // Each of two coordinates: ½ E[(x − z′)² − (x − z)²] = ½ (3 − 1).
    expect(Math.abs(mean - 2)).toBeLessThan(4 * error);
    // Its variance over rows is that of sums of products of normals, below 12.
    expect(error).toBeLessThan(Math.sqrt(12 / n));
  });

  it('is no amount of information: it exceeds the KL, which bounds I(x; z)', async () => {
    const { mean, error } = await ownCodeGain(vae(false), params, data(), key(9));
    // Of an exact posterior both are I(x; z): two coordinates of ½ ln 2 each.
    expect(mean - 4 * error).toBeGreaterThan(Math.log(2));
  });

  it('counts the coordinates whose means vary', async () => {
    expect(await activeUnits(vae(false), params, data(), key(10))).toBe(2);
  });

  it('leaves no tensors', async () => {
    const batch = data();
    const before = memory().numTensors;
    await findCollapse(vae(false), params, batch, { key: key(11), step: 0 });
    expect(memory().numTensors).toBe(before);
  });
});

/** A critic that knows: data lie about 0, and all samples on it. */
const shrewd: Network = {
  config: { kind: 'shrewd' },
  init: () => ({ params: {}, output: [1] }),
  apply: (_params, _mode, x) => sub(sum(square(x), 1, true), 1e-6),
};

it('the error of a resampled mean is that of the mean of n values', async () => {
  const [count, size, times] = [400, 100, 300];
  const values = normalArray(key(60), count);
  const meanOf = (of: ArrayLike<number>): number =>
    Array.from(of).reduce((a, b) => a + b, 0) / of.length;
  const { mean } = await resampled(count, { key: key(61), size, times }, (of) =>
    Promise.resolve({ mean: meanOf(Array.from(of, (row) => values[row]!)) }),
  );
  const middle = meanOf(values);
  const deviation = Math.sqrt(
    Array.from(values).reduce((sum, v) => sum + (v - middle) ** 2, 0) / (count - 1),
  );
  // A standard deviation of 300 has a relative error of 1/√600.
  expect(Math.abs(mean.error / (deviation / Math.sqrt(size)) - 1)).toBeLessThan(4 / Math.sqrt(600));
});

describe('findCollapse', () => {
  it('compares bits with bits: an exact model scores like held-out rows', async () => {
    const fair: Decoder = {
      config: { kind: 'fair' },
      init: () => ({}),
      likelihood: (_params, _mode, z) => bernoulli(fill([z.shape[0], 6], 0)),
    };
    const model = compose({
      prior: standardNormal(3),
      decoder: fair,
      terms: [adversarialX({ discriminator: shrewd, name: 'game' })],
    });
    const x = tensor2d(
      uniform(key(50), 6 * n).map((value) => Number(value < 0.5)),
      [n, 6],
    );
    const { samples } = await findCollapse(
      model,
      { primal: { decoder: {} }, dual: { game: {} } },
      { x },
      { key: key(51), step: 0 },
    );
    expect(samples!.drawn).toBe('draws of p(x|z)');
    for (const name of ['precision', 'recall', 'density', 'coverage'] as const) {
      const [own, data] = [samples!.figures[name], samples!.ofData[name]];
      expect(Math.abs(own.mean - data.mean)).toBeLessThan(
        4 * Math.hypot(own.error, data.error) + 0.01,
      );
    }
    // Grey means of fair bits are all alike.
    expect(samples!.diversity).toBe(0);
  });

  it('finds nothing wrong with an exact model', async () => {
    const found = await findCollapse(vae(false), params, data(), { key: key(12), step: 0 });
    expect(found.signs).toEqual([]);
    expect(found.encoder?.activeUnits).toBe(2);
  });

  it('names a decoder that ignores z, and samples that are all alike', async () => {
    const { signs } = await findCollapse(vae(true), params, data(), { key: key(13), step: 0 });
    expect(signs.map(({ kind }) => kind)).toEqual(['mode collapse', 'dead encoder']);
  });

  it('says that the decoder ignores z only of a gain that is next to nothing', async () => {
    const found: (readonly [gain: number, most: number, says: string])[] = [];
    for (let i = 0; i < 12; i++) {
      const batch = { x: tidy(() => mul(Math.SQRT2, rows(40 + i, 3, 2))) };
      const { signs, encoder } = await findCollapse(vae(i % 4 === 0), params, batch, {
        key: key(i),
        step: 0,
      });
      const sign = signs.find(({ kind }) => kind === 'dead encoder');
      const { mean, error } = encoder!.ownCodeGain;
      if (sign) found.push([mean, mean + 2 * error, sign.says]);
    }
    // Three rows leave it open now and then also of a decoder that listens.
    expect(new Set(found.map(([gain]) => gain > 0.05)).size).toBe(2);
    for (const [gain, most, says] of found) {
      const uses = says.includes('uses z, and');
      if (uses) expect(gain).toBeLessThan(-0.05);
      // Two standard errors above it there is still next to nothing.
      expect(says.includes('ignores z')).toBe(!uses && most <= 0.05);
      expect(says.includes('do not show')).toBe(!uses && most > 0.05);
    }
    expect(found.some(([, , says]) => says.includes('ignores z'))).toBe(true);
  });

  it.each<[string, number[], number[]]>([
    ['columns in units of their own', [0, 0], [2 ** 30, 2 ** -30]],
    ['the same the other way round', [0, 0], [2 ** -30, 2 ** 30]],
    ['values near 2000', [2000, 2000], [64, 64]],
    ['values about 1 beside such near 2000', [0, 2000], [1, 64]],
  ])('sees in %s what it sees in standardised data', async (_, mean, sd) => {
    // The second column is the same in all samples, whose unit may be the smaller one.
    const partly: Decoder = {
      ...decoderOf(false),
      support: { kind: 'real' },
      likelihood: (_params, _mode, z) =>
        normal(
          concat([slice(z, [0, 0], [-1, 1]), fill([z.shape[0], 1], 0)], 1),
          fill([z.shape[0], 2], 0),
        ),
    };
    const model = compose({
      prior: standardNormal(3),
      encoder,
      decoder: partly,
      terms: [reconstruction(), kl()],
    });
    const where = { key: key(15), step: 0 };
    // Of so few digits that the scaled values are exact.
    const values = Array.from(normalArray(key(8), 2 * n), (value) => Math.round(1024 * value));
    const x = tensor2d(
      values.map((value) => value / 1024),
      [n, 2],
    );
    const scaled = tensor2d(
      values.map((value, i) => mean[i % 2]! + (sd[i % 2]! * value) / 1024),
      [n, 2],
    );
    const plain = await findCollapse(model, params, { x }, where);
    expect(plain.signs.map(({ kind }) => kind)).toEqual(['mode collapse']);
    const before = memory().numTensors;
    const found = await findCollapse(
      standardised(model, { mean, sd }),
      params,
      { x: scaled },
      where,
    );
    expect(memory().numTensors).toBe(before);
    expect(found.signs).toEqual(plain.signs);
    expect(found.samples).toEqual(plain.samples);
    expect(found.encoder?.activeUnits).toBe(plain.encoder?.activeUnits);
    // The log-Jacobian is added to both densities, and taken off again in float32.
    const gain = (of: typeof found): number => of.encoder!.ownCodeGain.mean;
    expect(gain(found)).toBeCloseTo(gain(plain), 4);
  });

  it('names a critic that is always right, by its term', async () => {
    const gan = compose({
      prior: standardNormal(3),
      decoder: decoderOf(true),
      terms: [adversarialX({ discriminator: shrewd, name: 'game' })],
    });
    const { signs, accuracies } = await findCollapse(
      gan,
      { primal: { decoder: {} }, dual: { game: {} } },
      data(),
      { key: key(14), step: 0 },
    );
    expect(accuracies.game).toBe(1);
    expect(signs[0]?.kind).toBe('saturated critic');
    expect(signs[0]?.says).toContain("'game' is right 100.0 %");
  });
});
