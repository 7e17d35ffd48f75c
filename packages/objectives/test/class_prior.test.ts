import { productPrior, standardNormal } from '@elbo/core';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import { setBackend, tidy, zeros } from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { classPrior } from '../src/index.js';

beforeAll(() => setBackend('cpu'));

const draws = 4000;

it('what goes with a class is drawn apart from the class', () => {
  // Both classes have s ~ N(0, 1), so that s says nothing of the class: its mean is 0 in each.
  const prior = classPrior({ classes: 2, continuous: 1 });
  tidy(() => {
    const params = { logits: zeros([2]), means: zeros([2, 1]), logVars: zeros([2, 1]) };
    const bound = prior.bind(params, () => {
      throw new Error('It needs no posterior.');
    });
    const z = bound.sample(key(3), draws).arraySync();
    for (const c of [0, 1]) {
      const own = z.filter((row) => row[c] === 1).map((row) => row[2]!);
      expect(Math.abs(own.length / draws - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / draws));
      const mean = own.reduce((a, b) => a + b, 0) / own.length;
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(own.length));
    }
  });
});

it('so are the parts of a product', () => {
  const prior = productPrior({ a: standardNormal(1), b: standardNormal(1) });
  const z = tidy(() => prior.sample(key(3), draws).arraySync());
  const together = z.reduce((sum, [a, b]) => sum + a! * b!, 0) / draws;
  expect(Math.abs(together)).toBeLessThan(4 / Math.sqrt(draws));
});
