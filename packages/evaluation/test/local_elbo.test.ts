import { standardNormal } from '@elbo/core';
import { linearGaussian } from '@elbo/datasets';
import '@elbo/gradients';
import { compose, reconstruction } from '@elbo/objectives';
import { key } from '@elbo/random';
import { decoderOf } from '@elbo/testing/worlds';
import { twoBumps } from '@elbo/testing/worlds';
import '@tensorflow/tfjs-backend-wasm';
import { memory, setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { localElbo } from '../src/index.js';
import { meanOf } from './world.js';

beforeAll(() => setBackend('wasm'));

describe('localElbo', () => {
  // Posteriors whose two coordinates depend on each other.
  const data = linearGaussian({
    weights: [
      [1, 0.8],
      [0.8, 1],
    ],
    size: 30,
  });
  const { exact } = data;
  // An encoder that is nats below what its rows allow.
  const model = compose({
    prior: standardNormal(2),
    encoder: twoBumps({
      map: [
        [0.3, 0],
        [0, 0.3],
      ],
      spread: [0.8, 0.2],
      split: [0, 0],
    }),
    decoder: decoderOf(exact),
    terms: [reconstruction()],
  });
  const fitted = async (shape: 'diagonal' | 'full') => {
    const { x } = await data.read(
      Uint32Array.from({ length: 30 }, (_, i) => i),
      key(0),
    );
    const batch = { x: tensor2d(x, [30, 2]) };
    const before = memory().numTensors;
    const options = { key: key(1), covariance: shape, steps: 400, samples: 20, draws: 400 };
    const found = await localElbo(model, { encoder: {}, decoder: {} }, batch, options);
    expect(memory().numTensors).toBe(before);
    batch.x.dispose();
    const rows = Array.from({ length: 30 }, (_, i) => exact.logProb(x.subarray(2 * i, 2 * i + 2)));
    return { found, rows };
  };

  it('with a full covariance finds the exact posterior, and so log p(x) of each row', async () => {
    const { found, rows } = await fitted('full');
    // log p(x, z) − log q(z) has no variance there; what is left is of steps, and quadratic in their errors.
    rows.forEach((row, i) => {
      expect(Math.abs(found.rows[i]! - row)).toBeLessThan(0.15);
    });
    expect(Math.abs(found.elbo.mean - meanOf(rows))).toBeLessThan(0.04);
  });

  it('with a diagonal one falls short by the mean field’s gap', async () => {
    const { found, rows } = await fitted('diagonal');
    const [[a, b], [, d]] = exact.posterior(exact.mean).covariance as [
      [number, number],
      [number, number],
    ];
    // The best factorised normal has the precisions of the posterior's diagonal (Bishop 2006, eq. 10.12).
    const gap = 0.5 * Math.log((a * d) / (a * d - b * b));
    expect(gap).toBeGreaterThan(0.3);
    expect(Math.abs(meanOf(rows) - found.elbo.mean - gap)).toBeLessThan(0.04);
  });
});
