import { standardNormal } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { adam, cosine } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { dispose, setBackend, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { dualCritic } from '../src/index.js';

it('finds W₁ of two samples on a line within 5 %, raw and divided by its largest slope', async () => {
  setThreadsCount(1);
  await setBackend('wasm');
  // Even points of [0, 1], and of [0.3, 1.2]: no sampling, and no tails that the penalty seldom sees.
  const n = 100;
  const draws = Float32Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const codes = draws.map((v) => 0.9 * v + 0.3);
  // On a line the best plan keeps the order. W₁ ≤ ½, so that a penalty of weight 10 overshoots by 1/40 of it at most.
  const exact = draws.reduce((sum, v, i) => sum + (codes[i]! - v) / n, 0);

  const steps = 300;
  const term = dualCritic({
    critic: mlp({ hidden: [32, 32], output: 1, activation: 'elu' }),
  });
  const prior = standardNormal(1);
  const optimiser = adam(cosine({ from: 1e-2, steps }), { beta1: 0.5 });
  const pass = (step: number, training: boolean) =>
    ({
      prior,
      training,
      z: tensor2d(codes, [n, 1]),
      zPrior: tensor2d(draws, [n, 1]),
      key: fold(key(2), step),
    }) as never;
  let params = term.adversary!.init(key(3), [1], [1], prior, undefined);
  let state = optimiser.init(params);
  for (let step = 0; step < steps; step++) {
    const next = tidy(() => {
      const { dual } = gradientsOf(() => ({ dual: term.play(pass(step, true), params).loss!() }), {
        dual: params,
      });
      return optimiser.step(dual.gradients, state, params, step) as never;
    }) as ReturnType<typeof optimiser.step>;
    dispose([params, state] as never);
    ({ params, state } = next);
  }
  const { gap, distance, slope } = tidy(() => {
    const found = term.play(pass(0, false), params).metrics!();
    return Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, value.dataSync()[0]!]),
    );
  });
  expect(Math.abs(gap! / exact - 1)).toBeLessThan(0.05);
  expect(Math.abs(distance! / exact - 1)).toBeLessThan(0.05);
  expect(slope).toBeLessThan(1.1);
});
