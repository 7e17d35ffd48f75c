import { standardNormal, type Prior } from '@elbo/core';
import { conditionOnLabel, ring } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { logLikelihood } from '@elbo/evaluation';
import { flatten, mlp } from '@elbo/networks';
import { learnedGaussianMixture, vampPrior } from '@elbo/objectives';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { disposeState, toBatch } from '@elbo/training';
import { dispose, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vae } from '../src/index.js';
import { fit } from './support.js';

beforeAll(useWasm);

const clusters = ring({ modes: 4, radius: 2, sd: 0.2, size: 128 });
const network = mlp({ hidden: [16], activation: 'tanh' });

describe('on points of four clusters', () => {
  it('a learned prior gives them a higher log p(x) than the standard normal', async () => {
    const batch = toBatch(
      await ring({ modes: 4, radius: 2, sd: 0.2, size: 100, split: 'test' }).read(
        Uint32Array.from({ length: 100 }, (_, i) => i),
        key(0),
      ),
      [2],
      'test',
    );
    const reached = async (prior: Prior): Promise<{ mean: number; rows: Float64Array }> => {
      const model = vae({
        prior,
        encoder: gaussianEncoder({ network, latent: 2 }),
        // Linear, so that the shape of p(x) is the prior's.
        decoder: gaussianDecoder({ network: flatten(), shape: [2], sigma: 0.2 }),
      });
      const state = await fit(model, clusters, { steps: 300, rate: 0.03 });
      const { logLikelihood: rows } = await logLikelihood(model, state.params.primal, batch, {
        key: key(3),
        samples: 500,
      });
      disposeState(state);
      return { mean: rows.reduce((a, b) => a + b) / rows.length, rows };
    };
    const fixed = await reached(standardNormal(2));
    for (const prior of [
      learnedGaussianMixture({ dim: 2, components: 8, spread: 2 }),
      vampPrior({ dim: 2, components: 8, unit: false }),
    ]) {
      const { mean, rows } = await reached(prior);
      const gains = rows.map((value, i) => value - fixed.rows[i]!);
      const variance = gains.reduce((sum, gain) => sum + (gain - mean + fixed.mean) ** 2, 0) / 99;
      expect(mean - fixed.mean).toBeGreaterThan(4 * Math.sqrt(variance / 100));
      // The clusters' own mean log density, less .4 for what 300 steps and 128 rows leave undone.
      expect(mean).toBeGreaterThan(-Math.log(4) - Math.log(2 * Math.PI * 0.04) - 1 - 0.4);
    }
    dispose(Object.values(batch));
  });
});

describe('a conditional VAE', () => {
  it('makes points of the cluster that it is asked for', async () => {
    const model = vae({
      prior: standardNormal(1),
      encoder: gaussianEncoder({ network, latent: 1 }),
      decoder: gaussianDecoder({ network, shape: [2], sigma: 0.2 }),
    });
    const state = await fit(model, conditionOnLabel(clusters), { steps: 300, rate: 0.02 });
    tidy(() => {
      const n = 25;
      for (let mode = 0; mode < 4; mode++) {
        const oneHot = [0, 1, 2, 3].map((other) => (other === mode ? 1 : 0));
        const condition = tensor2d(Array.from({ length: n }, () => oneHot));
        const made = model.sample(state.params.primal, key(5), n, condition).dataSync();
        const [x, y] = [clusters.modes[2 * mode]!, clusters.modes[2 * mode + 1]!];
        // Half the distance of neighbours is 1.41, a cluster's own radius .2.
        for (let i = 0; i < n; i++)
          expect(Math.hypot(made[2 * i]! - x, made[2 * i + 1]! - y)).toBeLessThan(0.8);
      }
    });
    disposeState(state);
  });
});
