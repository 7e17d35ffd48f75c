import { leaves, type Params } from '@elbo/core';
import { gradientsOf, inputGradient } from '@elbo/gradients';
import { key } from '@elbo/random';
import '@tensorflow/tfjs-backend-cpu';
import {
  add,
  memory,
  mul,
  reshape,
  setBackend,
  square,
  sum,
  tidy,
  type Scalar,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { compose, kl, reconstruction, type ForwardPass } from '../src/index.js';
import { decoder, diagonalEncoder, prior, someRows } from './world.js';

const model = compose({
  prior,
  encoder: diagonalEncoder([0.2, 0.35]),
  decoder,
  terms: [reconstruction(), kl()],
});
const moment = { step: 3, key: key(7), training: true };

beforeAll(async () => {
  await setBackend('cpu');
});

/** The bits of the gradients of a loss that reads a pass. */
function gradientBits(loss: (pass: ForwardPass['pass']) => Scalar): number[] {
  const { x } = someRows(4);
  const { primal } = model.init(key(1), [3]);
  return tidy(() => {
    let forward: ForwardPass | undefined;
    const { all } = gradientsOf(
      () => {
        forward = model.forward(primal, { x }, moment);
        return { all: loss(forward.pass) };
      },
      { all: primal },
    );
    forward?.dispose();
    return leaves(all.gradients).flatMap((t) => [...t.dataSync()]);
  });
}

describe('a pass', () => {
  const likelihood = (pass: ForwardPass['pass']): Scalar => sum(pass.likelihood.logProb(pass.x));
  const generated = (pass: ForwardPass['pass']): Scalar => sum(pass.generated.mean());
  const density = (pass: ForwardPass['pass']): Scalar => sum(pass.posterior.logProb(pass.z));

  it('gives the same gradients whatever order its fields are read in', () => {
    const forth = gradientBits((pass) => {
      const parts = [likelihood(pass), generated(pass), density(pass)] as const;
      return add(add(parts[0], parts[1]), parts[2]);
    });
    const back = gradientBits((pass) => {
      const parts = [density(pass), generated(pass), likelihood(pass)] as const;
      return add(add(parts[2], parts[1]), parts[0]);
    });
    expect(back).toEqual(forth);
    expect(forth.some((g) => g !== 0)).toBe(true);
  });

  it('makes a field once', () => {
    const { x } = someRows(4);
    const { primal } = model.init(key(1), [3]);
    const forward = model.forward(primal, { x }, moment);
    tidy(() => {
      expect(forward.pass.z).toBe(forward.pass.z);
      expect(forward.pass.zPrior).toBe(forward.pass.zPrior);
      expect([...forward.pass.z.dataSync()]).not.toEqual([...forward.pass.zPrior.dataSync()]);
    });
    forward.dispose();
  });

  it('keeps a field that is first read in a nested scope, and frees it when it ends', () => {
    const { x } = someRows(4);
    const { primal } = model.init(key(1), [3]);
    const before = memory().numTensors;
    tidy(() => {
      const forward = model.forward(primal, { x }, moment);
      const penalty = inputGradient((h) => sum(mul(square(h), sum(forward.pass.z))), x);
      expect(penalty.shape).toEqual([4, 3]);
      expect([...forward.pass.z.dataSync()]).toHaveLength(8);
      forward.dispose();
    });
    expect(memory().numTensors).toBe(before);
    expect(leaves(primal as Params).every((t) => !t.isDisposed)).toBe(true);
  });

  it('leaves nothing behind after an evaluation, nor after one that throws', () => {
    const { x } = someRows(4);
    const misshapen = reshape(x, [6, 2]);
    const params = model.init(key(1), [3]);
    const before = memory().numTensors;
    model.elbo(params, { x }, key(1)).dispose();
    model.reconstruct(params.primal, { x }, key(1)).dispose();
    model.sample(params.primal, key(1), 5).dispose();
    model.score(params, { x }, key(1)).dispose();
    expect(() => model.elbo(params, { x: misshapen }, key(1))).toThrow();
    expect(memory().numTensors).toBe(before);
  });
});
