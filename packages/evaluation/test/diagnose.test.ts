import { adversarialKl, avbRecipe } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { exactLinearGaussian, fourPixels } from '@elbo/datasets';
import type { PairNetwork } from '@elbo/discriminators';
import { compose, reconstruction, type Model } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { decoderOf } from '@elbo/testing/worlds';
import { twoBumps, type TwoBumps } from '@elbo/testing/worlds';
import '@tensorflow/tfjs-backend-wasm';
import {
  add,
  dispose,
  memory,
  mul,
  setBackend,
  square,
  sub,
  sum,
  tensor2d,
  tensor4d,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '../src/index.js';

beforeAll(() => setBackend('wasm'));

const prior = standardNormal(2);

/** x|z ~ N(w·z, σ² I) with orthogonal columns: the posterior has independent coordinates, N(a·x, s²). */
function worldOf(noise: number): {
  readonly q: TwoBumps;
  readonly model: (slope: number) => Model;
  readonly logProb: (x: ArrayLike<number>) => number;
} {
  const w = 1.5;
  const exact = exactLinearGaussian({
    weights: [
      [w, 0],
      [0, w],
    ],
    mean: [0, 0],
    noise,
  });
  const precision = 1 + (w * w) / noise ** 2;
  const a = w / noise ** 2 / precision;
  const s = 1 / Math.sqrt(precision);
  const q: TwoBumps = {
    map: [
      [a, 0],
      [0, a],
    ],
    spread: [s, s],
    split: [0, 0],
  };
  /** slope · (log q(z|x) − log p(z)), which is exact at 1. */
  const ratio = (slope: number): PairNetwork => ({
    config: { kind: 'ratio', slope },
    init: () => ({ params: {}, output: [1] }),
    apply: (_params, _mode, x, z) => {
      const mean = mul(x as Tensor2D, a);
      const away = mul(sum(square(sub(z, mean)), 1, true), -0.5 / (s * s));
      return mul(add(add(away, mul(sum(square(z), 1, true), 0.5)), -2 * Math.log(s)), slope);
    },
  });
  return {
    q,
    logProb: (x) => exact.logProb(x),
    model: (slope) =>
      compose({
        prior,
        encoder: twoBumps(q),
        decoder: decoderOf(exact),
        terms: [reconstruction(), adversarialKl({ discriminator: ratio(slope) })],
      }),
  };
}

describe('the diagnosis', () => {
  const rows = 600;
  const values = normal(key(2), 2 * rows).map((v) => 1.7 * v);
  // Of 2 · rows predictions in ten bins: a bin's gap has a standard deviation of at most ½ √(share / (2 · rows)).
  const noise = 0.5 * Math.sqrt(10 / (2 * rows));
  const at = async (sigma: number, slope: number) => {
    const { model, logProb } = worldOf(sigma);
    const made = model(slope);
    const x = tensor2d(values, [rows, 2]);
    const before = memory().numTensors;
    const found = await diagnose(
      made,
      made.init(key(1), [2]),
      { x },
      { key: key(3), samples: 300 },
    );
    expect(memory().numTensors).toBe(before);
    dispose(x);
    const exact = Array.from({ length: rows }, (_, i) =>
      logProb(values.subarray(2 * i, 2 * i + 2)),
    );
    return { found, logProb: exact.reduce((a, b) => a + b) / rows };
  };

  it('finds the ELBO log p(x) at every draw of the exact posterior, and leaves T to fresh discriminators', async () => {
    const { found, logProb } = await at(1, 1);
    expect(found.elbo).toBeCloseTo(logProb, 4);
    // The fitted normal proposal is off by its pilot's noise only: nearly every sample counts.
    expect(found.effectiveSampleSize).toBeGreaterThan(150);
    expect(Math.abs(found.excess.mean)).toBeLessThan(found.bias! + 2 * found.excess.error);
    // log p(x) is above every ELBO: alone it cannot say that one is right.
    expect(found.verdict).toBe('unknown');
    expect(found.warnings).toHaveLength(1);
    expect(found.warnings[0]).toContain('only discriminators that are fitted afresh would tell');
    expect(found.deviation[0]).toBeLessThan(found.tolerance);
    expect(found.deviation[1]).toBe(Infinity);
    expect(found.reliability!.accuracy).toBeGreaterThan(0.55);
    expect(found.reliability!.error).toBeLessThan(2 * noise);
  });

  it('sees a discriminator that lags, and says by how much', async () => {
    const { found, logProb } = await at(1, 0.3);
    // T is 0.3 T*: the KL comes out at 0.3 of it.
    expect(found.elbo).toBeGreaterThan(logProb + 0.2);
    expect(found.excess.mean).toBeCloseTo(found.elbo - found.logLikelihood, 6);
    expect(found.verdict).toBe('lagging');
    expect(found.warnings).toHaveLength(1);
    // It lags by 2.58 standard errors less, 99 times in 100; what importance sampling falls short of log p(x) by is allowed for.
    const surely = found.excess.mean - found.bias! - 2.58 * found.excess.error;
    expect(Math.abs(found.deviation[0] - surely)).toBeLessThan(0.1 * found.excess.error);
    expect(found.warnings[0]).toContain(
      `above the true one by ${found.deviation[0].toFixed(3)} nat at least, by log p(x)`,
    );
    expect(found.reliability!.error).toBeGreaterThan(2 * noise);
  });

  it('sees a posterior so narrow that the discriminator is saturated', async () => {
    const { found } = await at(0.05, 1);
    expect(found.reliability!.accuracy).toBeGreaterThan(0.95);
    expect(found.verdict).toBe('saturated');
    expect(found.warnings[0]).toContain(`${(100 * found.reliability!.accuracy).toFixed(1)} %`);
  });

  it('does not judge by a handful of importance samples', async () => {
    const { model } = worldOf(1);
    const made = model(0.3);
    const x = tensor2d(values, [rows, 2]);
    const found = await diagnose(made, made.init(key(1), [2]), { x }, { key: key(3), samples: 4 });
    expect(found.effectiveSampleSize).toBeLessThan(5);
    expect(found.verdict).toBe('unknown');
    expect(found.warnings[0]).toMatch(/effective samples .* take more samples/);
    dispose(x);
  });

  it('concludes nothing from four rows of a set, and does from four that are all of it', async () => {
    const { model } = worldOf(1);
    const made = model(0.3);
    const x = tensor2d(values.subarray(0, 8), [4, 2]);
    const of = (setSize: number | undefined) =>
      diagnose(
        made,
        made.init(key(1), [2]),
        { x },
        { key: key(3), samples: 300, draws: 200, ...(setSize && { setSize }) },
      );
    for (const found of [await of(undefined), await of(5)]) {
      expect(found.verdict).toBe('unknown');
      expect(found.warnings[0]).toMatch(/4 rows tell too little of the set/);
    }
    expect((await of(5)).warnings[0]).toContain('take 5 at least');
    const all = await of(4);
    expect(all.verdict).toBe('lagging');
    expect(all.deviation[0]).toBeGreaterThan(0.2);
    dispose(x);
  });
});

describe('the diagnosis of four pixels, which have four rows', () => {
  const { model } = avbRecipe.build(
    { shape: [2, 2, 1], unit: true },
    { latent: 2, hidden: [8], features: 8, contrast: 'plain' },
    { steps: 1, batchSize: 4 },
  );
  const at = async (copies: number, how: { readonly setSize?: number; readonly draws: number }) => {
    const numbers = Uint32Array.from({ length: 4 * copies }, (_, i) => i % 4);
    const { x } = await fourPixels().read(numbers, key(0));
    const images = tensor4d(x, [numbers.length, 2, 2, 1]);
    const params = model.init(key(1), [2, 2, 1]);
    const before = memory().numTensors;
    const found = await diagnose(
      model,
      params,
      { x: images },
      {
        key: key(5),
        samples: 200,
        ...(how.setSize && { setSize: how.setSize }),
        refit: { discriminators: 1, steps: 20, batchSize: 32, draws: how.draws },
      },
    );
    expect(memory().numTensors).toBe(before);
    images.dispose();
    return found;
  };

  it('never allows an ELBO above −log 4, which no model exceeds', async () => {
    const found = await at(1, { setSize: 4, draws: 10 });
    expect(found.interval[1]).toBeLessThanOrEqual(-Math.log(4) + 1e-12);
    expect(found.evidence.at(-1)!.by).toBe('the entropy of the data');
    expect(found.evidence.at(-1)!.interval[1]).toBeCloseTo(-Math.log(4), 12);
    // Of forty draws a hundred cannot carry a bound.
    expect(found.refit!.effectiveDraws).toBeLessThan(41);
    expect(found.evidence[0]!.doubt).toContain('effective draws');
    expect(found.verdict).not.toBe('trustworthy');
    expect(found.verdict).not.toBe('lagging');
  });

  it('knows copies of rows for what they are: more draws, where they are said to be all of the set', async () => {
    const few = await at(1, { setSize: 4, draws: 320 });
    const copies = await at(16, { setSize: 64, draws: 20 });
    const ratio = copies.refit!.margins.draws / few.refit!.margins.draws;
    expect(ratio).toBeGreaterThan(0.7);
    expect(ratio).toBeLessThan(1.4);
    expect(few.refit!.margins.rows).toBe(0);
    expect(copies.refit!.margins.rows).toBe(0);
    // The entropy is of four images, not of 64 rows.
    expect(copies.evidence.at(-1)!.interval[1]).toBeCloseTo(-Math.log(4), 12);
  });
});
