import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { eye, setBackend, sum, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  ConfigError,
  createRegistry,
  oneHotPrior,
  priorCategory,
  priorKinds,
  productPrior,
  sliceOf,
  standardNormal,
} from '../src/index.js';

beforeAll(async () => {
  await setBackend('cpu');
});

const read = (f: () => Tensor): readonly number[] => tidy(() => [...f().dataSync()]);
const parts = { y: oneHotPrior([1, 2, 5]), style: standardNormal(4) };
const prior = productPrior(parts);

describe('the prior over one-hot vectors', () => {
  it('draws each class as often as its weight says, and knows its probability', () => {
    const n = 20_000;
    const counts = read(() => sum(parts.y.sample(key(1), n), 0));
    for (const [c, p] of [1 / 8, 2 / 8, 5 / 8].entries()) {
      // 4 standard errors of a binomial share.
      expect(Math.abs(counts[c]! / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
    const z = () => parts.y.sample(key(2), 10);
    const classes = read(z);
    const probabilities = read(() => parts.y.logProb(z())).map(Math.exp);
    probabilities.forEach((p, row) => {
      const expected = classes[3 * row] ? 1 / 8 : classes[3 * row + 1] ? 2 / 8 : 5 / 8;
      expect(p).toBeCloseTo(expected, 5);
    });
  });

  it('has no mass on what is not one-hot, as its probabilities add up to 1', () => {
    const others = [
      [0.2, 0.3, 0.5],
      [0, 0, 0],
      [1, 1, 0],
      [2, -1, 0],
      [0, 1 + 1e-6, 0],
      [NaN, 1, 0],
    ];
    expect(read(() => parts.y.logProb(tensor2d(others)))).toEqual(others.map(() => -Infinity));
    const classes = read(() => parts.y.logProb(eye(3))).map(Math.exp);
    expect(classes.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  });

  it('refuses weights that are none', () => {
    expect(() => oneHotPrior([1])).toThrow(ConfigError);
    expect(() => oneHotPrior([1, 0])).toThrow('positive');
  });
});

describe('a product of priors', () => {
  it('has the slices and the densities of its parts', () => {
    expect(prior.dim).toBe(7);
    expect(prior.slices).toEqual({ y: { begin: 0, size: 3 }, style: { begin: 3, size: 4 } });
    const z = () => prior.sample(key(3), 50);
    const whole = read(() => prior.logProb(z()));
    const y = read(() => parts.y.logProb(sliceOf(prior, z(), 'y')));
    const style = read(() => parts.style.logProb(sliceOf(prior, z(), 'style')));
    whole.forEach((value, i) => {
      expect(value).toBeCloseTo(y[i]! + style[i]!, 4);
    });
  });

  it('comes back from its config, its parts in the same order', () => {
    const again = createRegistry(...priorKinds).build(
      priorCategory,
      JSON.parse(JSON.stringify(prior.config)) as typeof prior.config,
    );
    expect(again.slices).toEqual(prior.slices);
    expect(read(() => again.sample(key(4), 5))).toEqual(read(() => prior.sample(key(4), 5)));
  });

  it('names the part that it has not, and the nearest', () => {
    expect(() => tidy(() => sliceOf(prior, prior.sample(key(1), 2), 'stile'))).toThrow(
      "has no part 'stile'; did you mean 'style'?",
    );
    expect(() => productPrior({})).toThrow(ConfigError);
  });
});
