import { cyclical, linear, normal as normalOf, standardNormal, type Params } from '@elbo/core';
import { leaves } from '@elbo/core';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { flatten, mlp } from '@elbo/networks';
import { evaluateTerms, measure, type ForwardPass, type Model } from '@elbo/objectives';
import { fold, key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import {
  dispose,
  mean,
  memory,
  mul,
  tensor1d,
  tensor2d,
  tidy,
  zeros,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vae } from '../src/index.js';

beforeAll(useWasm);

const prior = standardNormal(3);
const rows = (n: number): Tensor2D => tensor2d(normal(key(4), n * 5), [n, 5]);

describe('the KL of a VAE', () => {
  it.each(['diagonal', 'full'] as const)(
    'of a %s posterior in closed form is the mean of its samples',
    (covariance) => {
      const encoder = gaussianEncoder({ network: mlp({ hidden: [6] }), latent: 3, covariance });
      tidy(() => {
        const x = rows(4);
        const params = encoder.init(key(1), [5]);
        const q = encoder.posterior(params, { training: false, key: key(2) }, x, undefined);
        const draws = 20_000;
        const z = q.sample(key(3), draws);
        const ratio = [q.logProb(z), prior.logProb(z)].map((t) => t.dataSync());
        const closed = q.kl!(prior)!.dataSync();
        for (let row = 0; row < 4; row++) {
          const values = Array.from({ length: draws }, (_, s) => {
            const at = s * 4 + row;
            return ratio[0]![at]! - ratio[1]![at]!;
          });
          const mean = values.reduce((a, b) => a + b) / draws;
          const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / draws;
          expect(Math.abs(mean - closed[row]!)).toBeLessThan(4 * Math.sqrt(variance / draws));
        }
      });
    },
  );
});

/** The gradient of what the primal player minimises, for the encoder, one list of numbers a leaf. */
function encoderGradient(model: Model, primal: { encoder: Params; decoder: Params }): number[][] {
  return tidy(() => {
    const x = rows(8);
    let forward: ForwardPass | undefined;
    const { encoder } = gradientsOf(
      () => {
        forward = model.forward(primal, { x }, { step: 0, key: key(6), training: true });
        return { encoder: evaluateTerms(model, forward, {}).primal() };
      },
      { encoder: primal.encoder },
    );
    forward?.dispose();
    return leaves(encoder.gradients).map((t) => [...t.dataSync()]);
  });
}

describe('β', () => {
  const of = (sigma: number, beta?: Parameters<typeof vae>[0]['beta']): Model =>
    vae({
      prior,
      encoder: gaussianEncoder({ latent: 3 }),
      decoder: gaussianDecoder({ network: flatten(), shape: [5], sigma }),
      ...(beta !== undefined && { beta }),
    });

  it('is a decoder σ in disguise: β at σ trains the encoder as 1 at σ√β does, β times as fast', () => {
    const beta = 0.3;
    const plain = of(0.8 * Math.sqrt(beta));
    const params = plain.init(key(1), [5]);
    const primal = params.primal as { encoder: Params; decoder: Params };
    const hidden = encoderGradient(plain, primal);
    const weighted = encoderGradient(of(0.8, beta), primal);
    weighted.forEach((leaf, i) => {
      leaf.forEach((value, j) => {
        const other = beta * hidden[i]![j]!;
        // Both are float32 sums over 8 rows.
        expect(Math.abs(value - other)).toBeLessThan(1e-4 * (1 + Math.abs(other)));
      });
    });
    expect(weighted.flat().some((value) => Math.abs(value) > 0.1)).toBe(true);
  });

  it('follows its schedule, and leaves the reported ELBO alone', () => {
    const weightAt = (model: Model, step: number): number =>
      model.terms.find(({ name }) => name === 'kl')!.weight?.(step) ?? 1;
    expect(weightAt(of(1), 7)).toBe(1);
    expect(weightAt(of(1, 4), 7)).toBe(4);
    const rising = of(1, linear({ from: 0, to: 2, steps: 100 }));
    expect([0, 50, 100, 500].map((step) => weightAt(rising, step))).toEqual([0, 1, 2, 2]);
    // Fu et al. 2019: each period of 100 ramps over its first half, and stays at 1 for the rest.
    const cycles = of(1, cyclical({ period: 100 }));
    expect([0, 25, 50, 99, 100, 125].map((step) => weightAt(cycles, step))).toEqual([
      0, 0.5, 1, 1, 0, 0.5,
    ]);

    const params = of(1).init(key(1), [5]);
    const x = rows(8);
    const before = memory().numTensors;
    const elbos = [of(1), cycles, rising].map((model) => {
      const measured = measure(model, params, { x }, { step: 25, key: fold(key(2), 'x') });
      const value = measured.elbo!.dataSync()[0]!;
      dispose(measured);
      return value;
    });
    expect(memory().numTensors).toBe(before);
    expect(new Set(elbos).size).toBe(1);
  });
});

describe('free bits', () => {
  /** A posterior whose first coordinates say much of x, and the last nothing. */
  function uneven(model: Model): { encoder: Params; decoder: Params } {
    const { primal } = model.init(key(1), [5]);
    const { mean, logVar } = primal.encoder as Record<string, { kernel: Tensor2D; bias: Tensor2D }>;
    const scale = tensor1d([1, 0.7, 0.01]);
    const encoder = {
      mean: { kernel: mul(mean!.kernel, scale), bias: mean!.bias },
      logVar: { kernel: mul(logVar!.kernel, 0.01), bias: logVar!.bias },
    };
    return { encoder: encoder, decoder: primal.decoder };
  }
  const of = (options: Partial<Parameters<typeof vae>[0]>): Model =>
    vae({
      prior,
      encoder: gaussianEncoder({ latent: 3 }),
      // Of a decoder that does not look at z, all that trains the encoder is the KL.
      decoder: {
        config: { kind: 'deaf' },
        init: () => ({}),
        likelihood: (_params, _mode, z) => normalOf(zeros([z.shape[0], 5]), zeros([z.shape[0], 5])),
      },
      ...options,
    });
  const nats = 0.05;

  it('take the KL of a dimension below them out of the objective, and leave the others’', () => {
    const plain = encoderGradient(of({ beta: 2 }), uneven(of({})));
    const free = encoderGradient(of({ beta: 2, freeBits: { nats } }), uneven(of({})));
    // In each leaf the last axis is that of z's dimensions.
    plain.forEach((leaf, i) => {
      leaf.forEach((value, j) => {
        const expected = j % 3 === 2 ? 0 : value;
        expect(Math.abs(free[i]![j]! - expected)).toBeLessThan(1e-6);
      });
    });
    expect(plain[0]!.some((value, j) => j % 3 === 2 && Math.abs(value) > 1e-4)).toBe(true);
  });

  it('add what the minibatch’s mean lacks, of each group, and leave the reported ELBO alone', () => {
    const params = uneven(of({}));
    const x = rows(8);
    const read = (model: Model): Record<string, number> => {
      const measured = measure(
        model,
        { primal: params, dual: {} },
        { x },
        { step: 0, key: key(2) },
      );
      return Object.fromEntries(
        Object.entries(measured).map(([name, value]) => [name, value.dataSync()[0]!]),
      );
    };
    const q = gaussianEncoder({ latent: 3 }).posterior(
      params.encoder,
      { training: false, key: key(0) },
      x,
      undefined,
    );
    const kls = mean(q.klOfDimensions!(prior)!, 0).dataSync<'float32'>();
    const plain = read(of({}));
    expect(kls.reduce((a, b) => a + b)).toBeCloseTo(plain.kl!, 5);
    const lacking = kls.reduce((sum, value) => sum + Math.max(0, nats - value), 0);
    const perDimension = read(of({ freeBits: { nats } }));
    expect(lacking).toBeGreaterThan(0.01);
    expect(perDimension['free-bits']).toBeCloseTo(lacking, 5);
    expect(perDimension.elbo).toBe(plain.elbo);
    expect(read(of({ freeBits: { nats: 100, groups: 1 } }))['free-bits']).toBeCloseTo(
      100 - plain.kl!,
      4,
    );
  });

  it('are refused where the KL is no sum over dimensions, or groups do not fit', () => {
    const x = rows(2);
    const play = (options: Parameters<typeof of>[0]) => () => {
      const model = of(options);
      return measure(model, model.init(key(1), [5]), { x }, { step: 0, key: key(2) });
    };
    const full = gaussianEncoder({ latent: 3, covariance: 'full' });
    expect(play({ encoder: full, freeBits: { nats } })).toThrow(/not a sum over dimensions/);
    expect(play({ encoder: full, freeBits: { nats, groups: 1 } })).not.toThrow();
    expect(play({ freeBits: { nats, groups: 2 } })).toThrow(/3 dimensions of z/);
    expect(() => of({ freeBits: { nats: 0 } })).toThrow(/'nats' must be above 0/);
  });
});
