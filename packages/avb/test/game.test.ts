import { standardNormal, tensorAt } from '@elbo/core';
import { fourPixels } from '@elbo/datasets';
import { bernoulliDecoder } from '@elbo/decoders';
import { concatDiscriminator, headedDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, implicitEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import {
  compose,
  evaluateTerms,
  reconstruction,
  weight,
  type Encoder,
  type ForwardPass,
  type Term,
} from '@elbo/objectives';
import { sgd } from '@elbo/optimisers';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { plainDecoder } from '@elbo/testing/worlds';
import { disposeState } from '@elbo/training';
import {
  add,
  mul,
  reshape,
  scalar,
  tensor2d,
  tidy,
  zeros,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adaptiveContrastKl, adversarialKl } from '../src/index.js';
import { bitsOf, finish, normalRows, prior } from './support.js';

beforeAll(useWasm);

const discriminator = concatDiscriminator({ hidden: [8], zeroOutput: false });
const encoder = anchoredEncoder({
  latent: 2,
  noise: 3,
  hidden: [6],
  network: mlp({ hidden: [4] }),
});
const data = normalRows(64);

/** Both players' parameters after one step of both from one pass. */
async function afterOneStep(
  term: Term<'posterior' | 'moments'>,
): Promise<{ readonly primal: number[]; readonly dual: number[] }> {
  const model = compose({ prior, encoder, decoder: plainDecoder, terms: [reconstruction(), term] });
  const { state } = await finish(model, data, {
    steps: 1,
    batchSize: 32,
    seed: 2,
    primal: sgd(0.1),
    dual: sgd(0.1),
    simultaneous: true,
  });
  const bits = { primal: bitsOf(state.params.primal), dual: bitsOf(state.params.dual) };
  disposeState(state);
  return bits;
}

describe.each([
  ['plain', adversarialKl({ discriminator })],
  ['adaptive', adaptiveContrastKl({ discriminator })],
  ['anchored', adaptiveContrastKl({ discriminator, stopGradient: false })],
] as [string, Term<'posterior' | 'moments'>][])('the game with %s contrast', (_, term) => {
  it('moves each player by its own loss only, to the bit', async () => {
    const both = await afterOneStep(term);
    const costly = await afterOneStep(weight(term, 1000));
    expect(costly.dual).toEqual(both.dual);
    expect(costly.primal).not.toEqual(both.primal);

    const eager: typeof term = {
      ...term,
      evaluate: (pass, adversary) => {
        const evaluated = term.evaluate(pass, adversary);
        return { ...evaluated, loss: () => mul(evaluated.loss!(), 1000) };
      },
    };
    const lossy = await afterOneStep(eager);
    expect(lossy.primal).toEqual(both.primal);
    expect(lossy.dual).not.toEqual(both.dual);
  });
});

describe('stopGradient', () => {
  /** z does not depend on the parameters, and the normal that the posterior names does. */
  const constructed: Encoder<'posterior' | 'moments'> = {
    config: { kind: 'constructed' },
    offers: ['posterior', 'moments'],
    latent: 2,
    init: () => ({ shift: scalar(0.3) }),
    posterior: (params, _mode, x) => {
      const shifted: Tensor2D = add(zeros([x.shape[0], 2]), tensorAt(params, 'shift'));
      return {
        mean: shifted,
        logVar: mul(shifted, 2),
        sample: (draw, n = 1) => prior.sample(draw, n * x.shape[0]),
      };
    },
  };
  const gradientFor = (
    stopGradient: boolean,
  ): { readonly unreached: readonly string[]; readonly value: number } => {
    const term = adaptiveContrastKl({ discriminator, stopGradient });
    const model = compose({
      prior,
      encoder: constructed,
      decoder: plainDecoder,
      terms: [reconstruction(), term],
    });
    const { primal, dual } = model.init(key(1), [2]);
    const x = tensor2d(normal(key(2), 10), [5, 2]);
    let forward: ForwardPass | undefined;
    const { all } = gradientsOf(
      () => {
        forward = model.forward(primal, { x }, { step: 0, key: key(3), training: true });
        return { all: evaluateTerms(model, forward, dual).primal() };
      },
      { all: primal },
    );
    forward?.dispose();
    const [value] = tensorAt(all.gradients, 'encoder/shift').dataSync();
    return { unreached: all.unreached, value: value! };
  };

  it('lets no gradient through the reference, neither in ẑ nor in log r; without it both get theirs', () => {
    expect(gradientFor(true)).toEqual({ unreached: ['encoder/shift'], value: 0 });
    const through = gradientFor(false);
    expect(through.unreached).toEqual([]);
    expect(Math.abs(through.value)).toBeGreaterThan(0.1);
  });
});

describe('a discriminator with a head for every code', () => {
  it('learns from each prior sample paired with all codes', () => {
    const four = fourPixels();
    const codes = four.shape.reduce((a, b) => a * b);
    const headed = headedDiscriminator({ network: mlp({ hidden: [6] }), zeroOutput: false });
    const model = compose({
      prior: standardNormal(2),
      encoder: implicitEncoder({ latent: 2, noise: 3, hidden: [6] }),
      decoder: bernoulliDecoder({ network: mlp({ hidden: [6] }), shape: four.shape }),
      terms: [reconstruction(), adversarialKl({ discriminator: headed })],
    });
    const { primal, dual } = model.init(key(1), four.shape);
    tidy(() => {
      const rows = 12;
      const oneHot = (code: (row: number) => number): Tensor2D =>
        tensor2d(
          Float32Array.from({ length: rows * codes }, (_, i) =>
            Number(i % codes === code(Math.floor(i / codes))),
          ),
          [rows, codes],
        );
      const own = oneHot((row) => row % codes);
      const x = reshape(own, [rows, ...four.shape]);
      const forward = model.forward(primal, { x }, { step: 0, key: key(5), training: true });
      const loss = evaluateTerms(model, forward, dual).dual().dataSync()[0]!;
      const t = (code: Tensor2D, z: Tensor2D): number[] => [
        ...headed.apply(dual.kl!, { training: true, key: key(0) }, code, z).dataSync(),
      ];
      const softplus = (v: number): number => Math.log1p(Math.exp(v));
      const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
      const positive = t(own, forward.pass.z).map((v) => softplus(-v));
      const negative = Array.from({ length: codes }, (_, code) =>
        t(
          oneHot(() => code),
          forward.pass.zPrior,
        ).map(softplus),
      );
      expect(loss).toBeCloseTo(mean(positive) + mean(negative.flat()), 5);
      // Were z paired with its own row's code only, it would be another number.
      const paired = t(own, forward.pass.zPrior).map(softplus);
      expect(Math.abs(loss - mean(positive) - mean(paired))).toBeGreaterThan(1e-3);
      forward.dispose();
    });
  });
});
