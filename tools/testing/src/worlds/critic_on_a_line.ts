// W₁ on a line, by its dual.
import { disposeTree, standardNormal } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { adam, cosine } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { dualCritic } from '@elbo/wvae';
import { tensor2d, tidy, type Scalar } from '@tensorflow/tfjs-core';

/** What the critic says of W₁: as it stands, and divided by its largest slope. */
export interface CriticOnALine {
  readonly exact: number;
  readonly gap: number;
  readonly slope: number;
  readonly distance: number;
}

/** What a dual critic finds between even points of [0, 1] and of [0.3, 1.2], and W₁: no sampling, no tails. */
export function criticOnALine(): CriticOnALine {
  const n = 100;
  const draws = Float32Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const codes = draws.map((v) => 0.9 * v + 0.3);
  // On a line the best plan keeps the order. W₁ ≤ ½, so that a penalty of weight 10 overshoots by 1/40 of it at most.
  const exact = draws.reduce((total, v, i) => total + (codes[i]! - v) / n, 0);

  const steps = 300;
  const term = dualCritic({ critic: mlp({ hidden: [32, 32], output: 1, activation: 'elu' }) });
  const prior = standardNormal(1);
  const optimiser = adam(cosine({ from: 1e-2, steps }), { beta1: 0.5 });
  const z = tensor2d(codes, [n, 1]);
  const zPrior = tensor2d(draws, [n, 1]);
  type Whole = Parameters<typeof term.evaluate>[0];
  /** Of a pass the term reads no more than this. */
  const pass = (step: number, training: boolean): Whole =>
    ({ prior, training, z, zPrior, key: fold(key(2), step) }) as Partial<Whole> as Whole;
  let params = term.adversary!.init(key(3), [1], [1], prior, undefined);
  let state = optimiser.init(params);
  for (let step = 0; step < steps; step++) {
    const next = tidy(() => {
      const { dual } = gradientsOf(
        () => ({ dual: term.evaluate(pass(step, true), params).loss!() }),
        {
          dual: params,
        },
      );
      const { params: moved, state: after } = optimiser.step(dual.gradients, state, params, step);
      return { moved, after };
    });
    disposeTree(params);
    disposeTree(state);
    [params, state] = [next.moved, next.after];
  }
  const metrics = tidy(() => {
    const { gap, slope, distance } = term.evaluate(pass(0, false), params).metrics!() as Record<
      'gap' | 'slope' | 'distance',
      Scalar
    >;
    const read = (value: Scalar): number => value.dataSync()[0]!;
    return { gap: read(gap), slope: read(slope), distance: read(distance) };
  });
  disposeTree(params);
  disposeTree(state);
  z.dispose();
  zPrior.dispose();
  return { exact, ...metrics };
}
