import { gradientsOf } from '@elbo/gradients';
import { leaves, type Params } from '@elbo/core';
import { concatDiscriminator, innerProductDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { compose, kl, play, reconstruction, type Model, type OpenPass } from '@elbo/objectives';
import { fold, key, normal } from '@elbo/random';
import { dispose, tensor2d, tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { avb } from '../src/index.js';
import { plainDecoder } from '../../../tools/worlds/linear.js';
import { meanOf, prior, useWasm } from './support.js';

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
    let open: OpenPass | undefined;
    const { shared } = gradientsOf(
      () => {
        open = model.open(
          { ...primal, decoder: {} },
          { x },
          { step: 0, key: fold(key(8), draw), training: true },
        );
        return {
          shared: play(model, open, { kl: dual }).measure({ primal: true, dual: false }).kl!,
        };
      },
      { shared: { mean: encoder.mean, logVar: encoder.logVar, trunk: encoder.trunk } },
    );
    open?.dispose();
    return leaves(shared.gradients).flatMap((t) => [...t.dataSync()]);
  });
}

describe('anchored AVB at its start', () => {
  it('has the gradient of the KL of a Gaussian VAE, in expectation', () => {
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
    const draws = Array.from({ length: 60 }, (_, i) => klGradient(model, primal, dual.kl!, x, i));
    const exact = klGradient(vae, primal, {}, x, 0);
    expect(exact.some((value) => Math.abs(value) > 0.1)).toBe(true);
    exact.forEach((value, i) => {
      const mean = draws.reduce((sum, draw) => sum + draw[i]!, 0) / draws.length;
      const squares = draws.reduce((sum, draw) => sum + (draw[i]! - mean) ** 2, 0);
      const error = Math.sqrt(squares / (draws.length - 1) / draws.length);
      // 1e-6 is what float32 sums over 2000 rows may lose.
      expect(Math.abs(mean - value)).toBeLessThan(4 * error + 1e-6);
      expect(error).toBeLessThan(0.02);
    });
    dispose(x);
  });
});
