// W₁ on a line, by its dual.
import { standardNormal } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { adam, cosine } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { dualCritic } from '@elbo/wvae';
import { dispose, tensor2d, tidy } from '@tensorflow/tfjs-core';

/** What a dual critic finds between even points of [0, 1] and of [0.3, 1.2], and W₁: no sampling, no tails. */
export function criticOnALine() {
  const n = 100;
  const draws = Float32Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const codes = draws.map((v) => 0.9 * v + 0.3);
  // On a line the best plan keeps the order. W₁ ≤ ½, so that a penalty of weight 10 overshoots by 1/40 of it at most.
  const exact = draws.reduce((total, v, i) => total + (codes[i] - v) / n, 0);

  const steps = 300;
  const term = dualCritic({ critic: mlp({ hidden: [32, 32], output: 1, activation: 'elu' }) });
  const prior = standardNormal(1);
  const optimiser = adam(cosine({ from: 1e-2, steps }), { beta1: 0.5 });
  const pass = (step, training) => ({
    prior,
    training,
    z: tensor2d(codes, [n, 1]),
    zPrior: tensor2d(draws, [n, 1]),
    key: fold(key(2), step),
  });
  let params = term.adversary.init(key(3), [1], [1], prior, undefined);
  let state = optimiser.init(params);
  for (let step = 0; step < steps; step++) {
    const next = tidy(() => {
      const { dual } = gradientsOf(() => ({ dual: term.play(pass(step, true), params).loss() }), {
        dual: params,
      });
      return optimiser.step(dual.gradients, state, params, step);
    });
    dispose([params, state]);
    ({ params, state } = next);
  }
  const metrics = tidy(() =>
    Object.fromEntries(
      Object.entries(term.play(pass(0, false), params).metrics()).map(([name, value]) => [
        name,
        value.dataSync()[0],
      ]),
    ),
  );
  dispose([params, state]);
  return { exact, ...metrics };
}
