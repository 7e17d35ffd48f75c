import { adam, chain, clipByGlobalNorm, cosine } from '@elbo/optimisers';
import { expect, test } from 'vitest';
import { fallingAdam } from '../src/index.js';

test('it is Adam on a cosine that begins at a share of the steps, behind a clip where one is asked for', () => {
  const rate = cosine({ from: 1e-3, steps: 1001, start: 600, floor: 0.05 });
  const given = { from: 1e-3, steps: 1001, start: 0.6, floor: 0.05, beta1: 0.5 };
  expect(fallingAdam(given).config).toEqual(adam(rate, { beta1: 0.5 }).config);
  expect(fallingAdam({ ...given, clip: 200 }).config).toEqual(
    chain(clipByGlobalNorm(200), adam(rate, { beta1: 0.5 })).config,
  );
});
