import { standardNormal, tensorAt, type Network } from '@elbo/core';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, sum, tensor2d, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagonalPosterior } from '../src/gaussian_posterior.js';
import { generatorOf, type GeneratorOptions } from '../src/generator.js';
import { basisEncoder, flowEncoder } from '../src/index.js';
import { sampleMoments } from '../src/moments.js';
import { trunkOf } from '../src/trunk.js';
import { data, mode, values } from './support.js';

beforeAll(() => setBackend('cpu'));

const close = (found: readonly number[], wanted: readonly number[]): void => {
  expect(found).toHaveLength(wanted.length);
  for (const [i, value] of wanted.entries()) expect(found[i]).toBeCloseTo(value, 5);
};

it('the variance of draws is the unbiased one', () => {
  tidy(() => {
    // Of 1, 2, 6: the mean 3, the squares 4 + 1 + 9 over 2. Of 0, 0, 3: 1, and 1 + 1 + 4 over 2.
    const draws = tensor3d([1, 0, 2, 0, 6, 3], [3, 1, 2]);
    const { mean, variance } = sampleMoments(draws);
    close(values(mean), [3, 1]);
    close(values(variance), [7, 3]);
    const along = sampleMoments(tensor3d([1, 0, 2, 0, 6, 3], [1, 3, 2]), 1);
    close(values(along.variance), [7, 3]);
  });
});

describe('a diagonal normal', () => {
  const at = (i: number): number => (7 * i) % 5;
  const make = () => ({
    q: diagonalPosterior(tensor2d([1, 0, -2, 0.5], [2, 2]), tensor2d([0, 1, -1, 0.5], [2, 2])),
    z: tensor2d(
      Array.from({ length: 8 }, (_, i) => at(i) - 2),
      [4, 2],
    ),
  });

  it('has the KL of each dimension in closed form, and their sum', () => {
    tidy(() => {
      const { q } = make();
      const each = q.klOfDimensions!(standardNormal(2))!;
      const kl = (m: number, v: number): number => 0.5 * (m * m + Math.exp(v) - 1 - v);
      close(values(each), [kl(1, 0), kl(0, 1), kl(-2, -1), kl(0.5, 0.5)]);
      close(values(sum(each, 1)), values(q.kl!(standardNormal(2))!));
    });
  });

  it('has the density of each dimension, of one z a row or several', () => {
    tidy(() => {
      const { q, z } = make();
      const each = q.logProbOfDimensions!(z);
      expect(each.shape).toEqual([4, 2]);
      close(values(sum(each, 1)), values(q.logProb(z)));
      // z of row 1 is (0 − 2, 2 − 2), of N(1, 1) and N(0, e).
      const log = (d: number, v: number): number =>
        -0.5 * (Math.log(2 * Math.PI) + v + (d * d) / Math.exp(v));
      close(values(each).slice(0, 2), [log(-3, 0), log(0, 1)]);
    });
  });
});

describe('the layers of an implicit posterior', () => {
  const rows = (options: Partial<GeneratorOptions>): number[] => {
    const generator = generatorOf({
      ...{ noise: 2, hidden: [6, 4], activation: 'tanh', init: undefined, inject: 'input' },
      ...options,
    });
    const params = generator.init(key(1), 3);
    return [0, 1].map((i) => tensorAt(params, `layer_${i}/kernel`).shape[0]);
  };

  it('take noise where they are told: the first one, or all', () => {
    expect(rows({})).toEqual([3 + 2, 6]);
    expect(rows({ inject: 'layers' })).toEqual([3 + 2, 6 + 2]);
  });

  it('begin as they are told', () => {
    const kernel = (init: GeneratorOptions['init']): number[] => {
      const own = generatorOf({ noise: 2, hidden: [4], activation: 'tanh', init, inject: 'input' });
      return values(tensorAt(own.init(key(1), 3), 'layer_0/kernel'));
    };
    // Of one key the kernels differ by their scale alone.
    expect(kernel('he')).not.toEqual(kernel('glorot'));
  });
});

it('a network without parameters is given none, as a tree that is empty', () => {
  const given: unknown[] = [];
  const network: Network = {
    config: { kind: 'test' },
    init: (_, shape) => ({ params: {}, output: shape }),
    apply: (params, _, x) => {
      given.push(params);
      return x;
    },
  };
  const trunk = trunkOf(network, 'test');
  const { params } = trunk.init(key(1), [2, 2, 1], undefined);
  expect(params).toEqual({});
  tidy(() => trunk.apply(params, mode, data(2), undefined));
  expect(given).toEqual([{}]);
});

it('what is not asked for is not in a config, and hidden layers have 64 units where nothing is said', () => {
  const basis = { latent: 2, basis: 2, noise: 2, hidden: [3] };
  expect(basisEncoder(basis).config).not.toHaveProperty('outputNoise');
  expect(basisEncoder({ ...basis, outputNoise: 0.1 }).config.outputNoise).toBe(0.1);
  const flow = { latent: 2, flow: 'autoregressive', steps: 1 } as const;
  expect(flowEncoder(flow).config).toEqual(flowEncoder({ ...flow, hidden: [64] }).config);
});
