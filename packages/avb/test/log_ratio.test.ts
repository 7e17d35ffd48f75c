import { countParams } from '@elbo/core';
import { concatDiscriminator } from '@elbo/discriminators';
import { compose, reconstruction, type Model, type Term } from '@elbo/objectives';
import { fold, key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { plainDecoder } from '@elbo/testing/worlds';
import {
  centre,
  exactKl,
  logDensity,
  logPrior,
  twoBumps,
  variances,
  type TwoBumps,
} from '@elbo/testing/worlds';
import { disposeState, type State } from '@elbo/training';
import { dispose, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptiveContrastKl, adversarialKl } from '../src/index.js';
import { falling, finish, meanOf, normalRows, prior, valuesOf } from './support.js';

beforeAll(useWasm);

const data = normalRows(20_000);
const rows = 2000;
const held = valuesOf(normalRows(rows, 2));
const row = (values: Float32Array, i: number): Float32Array => values.subarray(2 * i, 2 * i + 2);
const discriminator = concatDiscriminator({ hidden: [48, 48] });
const steps = 700;
const batchSize = 256;

const normal: TwoBumps = {
  map: [
    [0.7, -0.3],
    [0.2, 0.6],
  ],
  spread: [0.6, 0.8],
  split: [0, 0],
};
const bimodal: TwoBumps = { ...normal, spread: [0.5, 0.6], split: [0.9, 0] };

/** A draw of z for each held-out row, on the host. */
function drawsOf(model: Model, { params }: State): Float32Array {
  return tidy(() => {
    const x = tensor2d(held, [rows, 2]);
    const forward = model.forward(params.primal, { x }, { step: 0, key: key(4), training: false });
    const drawn = forward.pass.z.dataSync<'float32'>().slice();
    forward.dispose();
    return drawn;
  });
}

/** What T sees of those draws, and the log-ratio that it should find there, in doubles. */
function seen(q: TwoBumps, draws: Float32Array, adaptive: boolean): [Float32Array, number[]] {
  const sds = variances(q).map(Math.sqrt);
  const z = adaptive
    ? draws.map((value, i) => (value - centre(q, row(held, i >> 1))[i % 2]!) / sds[i % 2]!)
    : draws;
  const ratios = Array.from({ length: rows }, (_, i) => {
    // The density of ẑ = (z − m)/s is that of z times s.
    const jacobian = adaptive ? sds.reduce((sum, sd) => sum + Math.log(sd), 0) : 0;
    return logDensity(q, row(held, i), row(draws, i)) + jacobian - logPrior(row(z, i));
  });
  return [z, ratios];
}

describe.each([
  ['plain', normal, 'normal'],
  ['adaptive', bimodal, 'bimodal'],
] as const)('with %s contrast', (contrast, q, shape) => {
  it(`the discriminator of a ${shape} posterior finds the log-ratio, and its mean is the KL`, async () => {
    const adaptive = contrast === 'adaptive';
    const term: Term<'posterior' | 'moments'> = adaptive
      ? adaptiveContrastKl({ discriminator })
      : adversarialKl({ discriminator });
    const model = compose({
      prior,
      encoder: twoBumps(q),
      decoder: plainDecoder,
      terms: [reconstruction(), term],
    });
    const { state } = await finish(model, data, {
      steps,
      batchSize,
      seed: 3,
      primal: falling(1e-3, steps),
      dual: falling(1e-2, steps),
      // The encoder has nothing to learn: the discriminator moves alone.
      warmUp: steps,
      every: steps,
    });

    const [z, ratios] = seen(q, drawsOf(model, state), adaptive);
    const t = tidy(() => {
      const pair = [tensor2d(held, [rows, 2]), tensor2d(z, [rows, 2])] as const;
      const mode = { training: false, key: key(0) };
      return discriminator.apply(state.params.dual.kl!, mode, ...pair).dataSync<'float32'>();
    });
    // At T* the Hessian of the logistic loss is the covariance of its gradient, so that maximum likelihood with W free
    // weights on N pairs errs by E_q[σ(−T*) (T − T*)²] = W/N.
    const bound = countParams(state.params.dual.kl!) / (steps * batchSize);
    const mean = (f: (ratio: number, i: number) => number): number =>
      ratios.reduce((sum, ratio, i) => sum + f(ratio, i) / rows, 0);
    expect(mean((ratio, i) => (t[i]! - ratio) ** 2 / (1 + Math.exp(ratio)))).toBeLessThan(bound);
    // And it is most of what there is to find.
    const centreOf = mean((ratio) => ratio);
    const found = 1 - mean((ratio, i) => (t[i]! - ratio) ** 2) / mean((r) => (r - centreOf) ** 2);
    expect(found).toBeGreaterThan(0.9);

    // By the Cauchy–Schwarz inequality the KL errs by at most √(E_q[σ(−T*) (T − T*)²] · E_q[1 + exp T*]).
    const x = tensor2d(held, [rows, 2]);
    const keys = Array.from({ length: 50 }, (_, i) => fold(key(9), i));
    const kl = meanOf(model, state.params, { x }, 'kl', keys);
    const exact = mean((_, i) => exactKl(q, row(held, i)));
    const bias = Math.sqrt(bound * mean((ratio) => 1 + Math.exp(ratio)));
    expect(Math.abs(kl.mean - exact)).toBeLessThan(bias + 4 * kl.error);
    dispose(x);
    disposeState(state);
  });
});
