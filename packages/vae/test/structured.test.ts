import { normal as normalOf, standardNormal, tensorAt, type Params } from '@elbo/core';
import { ring } from '@elbo/datasets';
import { gaussianDecoder, sliceDecoder } from '@elbo/decoders';
import { gaussianEncoder, mixtureEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { flatten, mlp } from '@elbo/networks';
import {
  classPrior,
  compose,
  evaluateTerms,
  marginalElbo,
  modelCategory,
  type ForwardPass,
  type Model,
} from '@elbo/objectives';
import { fold, key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { disposeState } from '@elbo/training';
import {
  fill,
  matMul,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
  type Rank,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vaeRegistry } from '../src/index.js';
import { fit } from './support.js';

beforeAll(useWasm);

/**
 * y with probabilities π, s|y ~ N(m_y, v), x|s ~ N(s, σ²), on the line: p(x) is a mixture of two normals, and as all v are
 * equal the log odds of q(y|x) and the mean of q(s|x, y) are linear in x, so that a mixture encoder without a network has
 * the exact posterior.
 */
const world = { probabilities: [0.3, 0.7], means: [-1, 1.5], variance: 0.6, noise: 0.5 } as const;
const total = world.variance + world.noise ** 2;
const density = (x: number, mean: number): number =>
  Math.exp(-((x - mean) ** 2) / (2 * total)) / Math.sqrt(2 * Math.PI * total);
const logEvidence = (x: number): number =>
  Math.log(world.probabilities.reduce((sum, p, y) => sum + p * density(x, world.means[y]!), 0));

const model: Model = compose({
  prior: classPrior({ classes: 2, continuous: 1 }),
  encoder: mixtureEncoder({ classes: 2, continuous: 1 }),
  decoder: sliceDecoder({
    decoder: gaussianDecoder({ network: flatten(), shape: [1], sigma: world.noise }),
    begin: 2,
    size: 1,
  }),
  terms: [marginalElbo()],
});

/** The parameters of the world, with the exact posterior's, or with it moved by `off`. */
function params(off = 0): { encoder: Params; decoder: Params; prior: Params } {
  const { probabilities, means, variance, noise } = world;
  const gain = variance / total;
  const posterior = Math.log((variance * noise ** 2) / total);
  return {
    prior: {
      logits: tensor1d(probabilities.map(Math.log)),
      means: tensor2d(means.map((mean) => [mean])),
      logVars: tensor2d(means.map(() => [Math.log(variance)])),
    },
    encoder: {
      logits: {
        kernel: tensor2d([means.map((mean) => mean / total + off)]),
        bias: tensor1d(
          probabilities.map((p, y) => Math.log(p) - means[y]! ** 2 / (2 * total) + y * off),
        ),
      },
      mean: {
        kernel: tensor2d([[gain, gain + off]]),
        bias: tensor1d(means.map((mean) => mean * (1 - gain))),
      },
      logVar: { kernel: zeros([1, 2]), bias: tensor1d([posterior, posterior - off]) },
    },
    decoder: { head: { kernel: tensor2d([[1]]), bias: tensor1d([0]) } },
  };
}

const xs = [...normal(key(1), 12)].map((value) => 2 * value);
let batch: { readonly x: Tensor2D };
beforeAll(() => {
  batch = { x: tensor2d(xs, [12, 1]) };
});

describe('the ELBO with a class summed over', () => {
  it('is log p(x) at every draw, where the posterior is exact', () => {
    tidy(() => {
      for (const draw of [0, 1, 2]) {
        const elbo = model.elbo({ primal: params(), dual: {} }, batch, fold(key(2), draw));
        elbo.dataSync().forEach((value, i) => {
          expect(value).toBeCloseTo(logEvidence(xs[i]!), 4);
        });
      }
    });
  });

  it('is below log p(x) where it is not', () => {
    const draws = 400;
    const primal = params(0.4);
    const means = Array.from({ length: draws }, (_, draw) => {
      const elbo = model.elbo({ primal, dual: {} }, batch, fold(key(2), draw));
      const values = elbo.dataSync<'float32'>();
      elbo.dispose();
      return values.reduce((sum, value, i) => sum + logEvidence(xs[i]!) - value, 0) / 12;
    });
    const mean = means.reduce((a, b) => a + b) / draws;
    const sd = Math.sqrt(means.reduce((a, b) => a + (b - mean) ** 2, 0) / draws);
    expect(mean).toBeGreaterThan((4 * sd) / Math.sqrt(draws));
  });

  it('is the sum over classes of what each gains, weighted by q(y|x)', () => {
    tidy(() => {
      const primal = params(0.3);
      const forward = model.forward(primal, batch, { step: 0, key: key(5), training: false });
      const { pass } = forward;
      const q = pass.posterior;
      const z = q.ofEveryClass(fold(pass.key, 'bound'));
      const numbers = z.dataSync();
      const probabilities = q.probabilities.dataSync();
      const densities = q.logProb(z).dataSync();
      const elbo = model.elbo({ primal, dual: {} }, batch, key(5)).dataSync();
      const log = (value: number, mean: number, variance: number): number =>
        -0.5 * (Math.log(2 * Math.PI * variance) + (value - mean) ** 2 / variance);
      xs.forEach((x, row) => {
        const sum = [0, 1].reduce((so, y) => {
          const at = y * 12 + row;
          const s = numbers[3 * at + 2]!;
          const joint =
            log(x, s, world.noise ** 2) +
            Math.log(world.probabilities[y]!) +
            log(s, world.means[y]!, world.variance);
          return so + probabilities[at]! * (joint - densities[at]!);
        }, 0);
        expect(elbo[row]).toBeCloseTo(sum, 4);
      });
      forward.dispose();
    });
  });

  it('trains every part, and the class without a draw of it', () => {
    tidy(() => {
      const primal = params(0.3);
      let forward: ForwardPass | undefined;
      const { all } = gradientsOf(
        () => {
          forward = model.forward(primal, batch, { step: 0, key: key(2), training: true });
          return { all: evaluateTerms(model, forward, {}).primal() };
        },
        { all: primal },
      );
      forward?.dispose();
      expect(all.unreached).toEqual([]);
    });
  });

  it('is rebuilt from its config, and needs an encoder of classes', () => {
    const again = vaeRegistry.build(
      modelCategory,
      JSON.parse(JSON.stringify(model.config)) as never,
    );
    expect(again.config).toEqual(model.config);
    expect(() =>
      compose({
        prior: standardNormal(3),
        encoder: gaussianEncoder({ latent: 3 }),
        decoder: model.decoder,
        // @ts-expect-error the posterior has no classes
        terms: [marginalElbo()],
      }),
    ).toThrow(/'bound' needs classes/);
  });

  it('finds the clusters of points: a class for each', async () => {
    const clusters = ring({ modes: 3, radius: 2, sd: 0.15, size: 120 });
    const network = mlp({ hidden: [16], activation: 'tanh' });
    const finder = compose({
      prior: classPrior({ classes: 3, continuous: 1 }),
      encoder: mixtureEncoder({ network, classes: 3, continuous: 1 }),
      decoder: {
        config: { kind: 'centres' },
        // The point is its class's centre, and a little beside it that s tells.
        init: () => ({ centres: tensor2d([0.1, 0, 0, 0.1, -0.1, -0.1, 0, 0], [4, 2]) }),
        likelihood: (decoder, _mode, z) => {
          const mean = matMul(z, tensorAt<Rank.R2>(decoder, 'centres'));
          return normalOf(mean, fill(mean.shape, -3));
        },
      },
      terms: [marginalElbo()],
    });
    const state = await fit(finder, clusters, { steps: 200, rate: 0.05 });
    tidy(() => {
      const rows = Uint32Array.from({ length: 120 }, (_, i) => i);
      const { x, label } = clusters.read(rows, key(0)) as { x: Float32Array; label: Int32Array };
      const forward = finder.forward(
        state.params.primal,
        { x: tensor2d(x, [120, 2]) },
        { step: 0, key: key(1), training: false },
      );
      const p = forward.pass.posterior.probabilities.dataSync();
      const found = [...rows].map((row) =>
        [0, 1, 2].reduce((best, y) => (p[y * 120 + row]! > p[best * 120 + row]! ? y : best), 0),
      );
      forward.dispose();
      const pairs = new Set(found.map((y, row) => `${y} is ${label[row]!}`));
      expect(pairs.size).toBe(3);
    });
    disposeState(state);
  });
});
