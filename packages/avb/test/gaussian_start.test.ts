import { leaves, unflatten, type Params } from '@elbo/core';
import { concatDiscriminator, innerProductDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, gaussianEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import {
  compose,
  evaluateTerms,
  kl,
  reconstruction,
  type ForwardPass,
  type Model,
} from '@elbo/objectives';
import { fold, key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { plainDecoder } from '@elbo/testing/worlds';
import {
  add,
  dispose,
  mean,
  mul,
  reshape,
  tensor1d,
  tensor2d,
  tidy,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptiveContrastKl, avb } from '../src/index.js';
import { meanOf, prior } from './support.js';

beforeAll(useWasm);

const network = mlp({ hidden: [4], activation: 'tanh' });
const gaussian = gaussianEncoder({ network, latent: 2 });

describe('before the discriminator has learned anything', () => {
  // Narrow, so that log s is no small part of the KL.
  const narrow = gaussianEncoder({ network, latent: 2, logVarOffset: -1.5 });
  it('adaptive contrast gives the exact KL of a normal posterior', () => {
    const model = avb({
      prior,
      encoder: narrow,
      decoder: plainDecoder,
      discriminator: concatDiscriminator({ hidden: [8] }),
      contrast: 'adaptive',
    });
    const exact = compose({
      prior,
      encoder: narrow,
      decoder: plainDecoder,
      terms: [reconstruction(), kl()],
    });
    const params = model.init(key(1), [2]);
    const x = tensor2d(normal(key(2), 400), [200, 2]);
    // With T = 0 and r = q, T + log r(z|x) − log p(z) is log q(z|x) − log p(z).
    const keys = Array.from({ length: 200 }, (_, i) => fold(key(3), i));
    const found = meanOf(model, params, { x }, 'kl', keys);
    const closed = meanOf(exact, params, { x }, 'kl', keys.slice(0, 2));
    expect(closed.mean).toBeGreaterThan(0.5);
    expect(Math.abs(found.mean - closed.mean)).toBeLessThan(4 * found.error);
    dispose(x);
  });
});

/** The gradient of the mean cost of the KL for the parameters that both encoders have, one draw of the noise. */
function klGradient(
  model: Model,
  primal: Params,
  dual: Params,
  x: Tensor2D,
  draw: number,
): number[] {
  const { encoder } = primal as { encoder: { mean: Params; logVar: Params; trunk: Params } };
  return tidy(() => {
    let forward: ForwardPass | undefined;
    const { shared } = gradientsOf(
      () => {
        forward = model.forward(
          { ...primal, decoder: {} },
          { x },
          { step: 0, key: fold(key(8), draw), training: true },
        );
        return {
          shared: evaluateTerms(model, forward, { kl: dual }).measure({ primal: true, dual: false })
            .kl!,
        };
      },
      { shared: { mean: encoder.mean, logVar: encoder.logVar, trunk: encoder.trunk } },
    );
    forward?.dispose();
    return leaves(shared.gradients).flatMap((t) => [...t.dataSync()]);
  });
}

describe('anchored AVB away from its start', () => {
  it('has the KL that it had without its control variate, in expectation, and less noise in it', () => {
    const kl = adaptiveContrastKl({
      discriminator: concatDiscriminator({ hidden: [8] }),
      stopGradient: false,
    });
    const encoder = anchoredEncoder({ network, latent: 2, noise: 3, hidden: [6] });
    const model = compose({
      prior,
      encoder,
      decoder: plainDecoder,
      terms: [reconstruction(), kl],
    });
    const made = model.init(key(1), [2]);
    const stirred = leaves(made.primal).map((tensor, i) =>
      add(tensor, mul(0.3, reshape(tensor1d(normal(fold(key(4), i), tensor.size)), tensor.shape))),
    );
    const primal = unflatten(made.primal, stirred) as typeof made.primal;
    const x = tensor2d(normal(key(2), 1000), [500, 2]);
    const costs = [0, 1].map((_, without) =>
      Array.from({ length: 200 }, (__, draw) => {
        const forward = model.forward(
          primal,
          { x },
          { step: 0, key: fold(key(5), draw), training: true },
        );
        const pass = without
          ? (Object.create(forward.pass, { base: { value: undefined } }) as typeof forward.pass)
          : forward.pass;
        const value = tidy(() => mean(kl.evaluate(pass, made.dual.kl!).cost()).dataSync()[0]!);
        forward.dispose();
        return value;
      }),
    );
    const moments = (values: readonly number[]) => {
      const middle = values.reduce((a, b) => a + b, 0) / values.length;
      const variance =
        values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
      return { middle, variance, error: Math.sqrt(variance / values.length) };
    };
    const [controlled, plain] = costs.map(moments);
    const apart = moments(costs[0]!.map((value, i) => value - costs[1]![i]!));
    expect(Math.abs(apart.middle)).toBeLessThan(4 * apart.error);
    expect(controlled!.variance).toBeLessThan(plain!.variance / 2);
    dispose([x, ...stirred]);
  });
});

describe('anchored AVB at its start', () => {
  it('has the gradient of the KL of a Gaussian VAE, at every draw', () => {
    const model = avb({
      prior,
      encoder: anchoredEncoder({ network, latent: 2, noise: 3, hidden: [6] }),
      decoder: plainDecoder,
      discriminator: innerProductDiscriminator({
        x: mlp({ hidden: [8] }),
        z: mlp({ hidden: [8] }),
        features: 4,
      }),
    });
    const vae = compose({
      prior,
      encoder: gaussian,
      decoder: plainDecoder,
      terms: [reconstruction(), kl()],
    });
    const { primal, dual } = model.init(key(1), [2]);
    const x = tensor2d(
      Float32Array.from(
        { length: 2 * 2000 },
        (_, i) => [0.9, -0.4, 0.1, 1.3, -1.2, 0.5, 0.3, 0.2][i % 8]!,
      ),
      [2000, 2],
    );
    const exact = klGradient(vae, primal, {}, x, 0);
    expect(exact.some((value) => Math.abs(value) > 0.1)).toBe(true);
    for (const draw of [0, 1]) {
      const found = klGradient(model, primal, dual.kl!, x, draw);
      exact.forEach((value, i) => {
        // What float32 sums over 2000 rows lose.
        expect(Math.abs(found[i]! - value)).toBeLessThan(2e-5 * Math.max(1, Math.abs(value)));
      });
    }
    dispose(x);
  });
});
