import { adversarialKl } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { exactLinearGaussian } from '@elbo/datasets';
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

  it('trusts the exact log-ratio of the exact posterior, whose ELBO is log p(x) at every draw', async () => {
    const { found, logProb } = await at(1, 1);
    expect(found.elbo).toBeCloseTo(logProb, 4);
    // The fitted normal proposal is off by its pilot's noise only: nearly every sample counts.
    expect(found.effectiveSampleSize).toBeGreaterThan(150);
    expect(Math.abs(found.excess.mean)).toBeLessThan(found.bias + 2 * found.excess.error);
    expect(found.verdict).toBe('trustworthy');
    expect(found.warnings).toEqual([]);
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
    expect(found.warnings[0]).toContain(
      `by ${found.excess.mean.toFixed(2)} ± ${found.excess.error.toFixed(2)} nat`,
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
});
