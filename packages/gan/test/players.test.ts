import { leaves, standardNormal, type Network, type Params } from '@elbo/core';
import { gaussianDecoder } from '@elbo/decoders';
import { concatDiscriminator } from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { gradientsOf } from '@elbo/gradients';
import { mlp } from '@elbo/networks';
import { evaluateTerms, nonSaturating, type Game, type Model } from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { reshape, sub, tensor2d, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bigan } from '../src/index.js';
import { pairsOf } from '../src/pairs.js';

beforeAll(useWasm);

const network = mlp({ hidden: [6], activation: 'tanh' });
const parts = {
  prior: standardNormal(2),
  encoder: gaussianEncoder({ network, latent: 2 }),
  decoder: gaussianDecoder({ network, shape: [3], sigma: 1 }),
};
const inner = concatDiscriminator({ hidden: [8], zeroOutput: false });
/** A game in which one side's maker has no cost. */
const without = (side: 'cost' | 'costOfReal'): Game => {
  const game = nonSaturating();
  return { ...game, [side]: (scores: Tensor) => sub(game[side](scores), game[side](scores)) };
};

/** The gradients of the objective, by part. */
function slopes(model: Model): Readonly<Record<'encoder' | 'decoder', readonly number[]>> {
  const params = model.init(key(1), [3]);
  const { encoder, decoder } = params.primal as Record<string, Params>;
  const x = tensor2d(normal(key(2), 15), [5, 3]);
  const found = gradientsOf(
    () => {
      const forward = model.forward(params.primal, { x }, { step: 0, key: key(3), training: true });
      const cost = evaluateTerms(model, forward, params.dual).primal();
      return { encoder: cost, decoder: cost };
    },
    { encoder: encoder!, decoder: decoder! },
  );
  const of = (part: 'encoder' | 'decoder'): readonly number[] =>
    leaves(found[part].gradients).flatMap((leaf) => [...leaf.dataSync<'float32'>()]);
  return { encoder: of('encoder'), decoder: of('decoder') };
}
const none = (values: readonly number[]): boolean => values.every((value) => value === 0);

describe('in a game over pairs', () => {
  const of = (discriminator: Network<[Tensor, Tensor]>, game = nonSaturating()): Model =>
    bigan({ ...parts, discriminator, game });

  it('the real side trains the encoder and the fake side the decoder, each alone', () => {
    const both = slopes(of(inner));
    const real = slopes(of(inner, without('cost')));
    const fake = slopes(of(inner, without('costOfReal')));
    expect(none(both.encoder) || none(both.decoder)).toBe(false);
    expect(none(real.decoder)).toBe(true);
    expect(none(fake.encoder)).toBe(true);
    // Sums in another order.
    real.encoder.forEach((value, i) => {
      expect(value).toBeCloseTo(both.encoder[i]!, 5);
    });
    fake.decoder.forEach((value, i) => {
      expect(value).toBeCloseTo(both.decoder[i]!, 5);
    });
  });

  it('a discriminator that looks at x alone has nothing to teach the encoder', () => {
    const blind: Network<[Tensor, Tensor]> = {
      ...inner,
      apply: (params, mode, x, z) => inner.apply(params, mode, x, sub(z, z)),
    };
    const found = slopes(of(blind));
    expect(none(found.encoder)).toBe(true);
    expect(none(found.decoder)).toBe(false);
  });
});

it('pairs are split as they were joined', () => {
  tidy(() => {
    const { join, split } = pairsOf([2, 3], 2);
    const [x, z] = [tensor2d(normal(key(1), 24), [4, 6]), tensor2d(normal(key(2), 8), [4, 2])];
    const [data, codes] = split(join(reshape(x, [4, 2, 3]), z));
    expect(data.shape).toEqual([4, 2, 3]);
    expect([...data.dataSync<'float32'>()]).toEqual([...x.dataSync<'float32'>()]);
    expect([...codes.dataSync<'float32'>()]).toEqual([...z.dataSync<'float32'>()]);
  });
});
