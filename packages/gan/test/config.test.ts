import { ShapeError, standardNormal, type Config } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import {
  concatDiscriminator,
  denseDiscriminator,
  discriminator,
  minibatchDeviation,
  projectionDiscriminator,
} from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp, sequential } from '@elbo/networks';
import {
  adversarialX,
  compose,
  gradientPenalty,
  hasElbo,
  hinge,
  measure,
  modelCategory,
  r1,
  wasserstein,
  type Model,
} from '@elbo/objectives';
import { key, uniform } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { parseTrainingConfig, trainOptions } from '@elbo/training';
import { tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { adversarialPair, bigan, biganRecipe, gan, ganRecipe, ganRegistry } from '../src/index.js';

beforeAll(useWasm);

/** What a file would hold. */
const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

const parts = {
  prior: standardNormal(2),
  decoder: bernoulliDecoder({ network: mlp({ hidden: [5] }), shape: [6] }),
};
const encoder = gaussianEncoder({ network: mlp({ hidden: [5] }), latent: 2 });
const ofPairs = concatDiscriminator({ hidden: [7], zeroOutput: false });
const ofData = denseDiscriminator({ hidden: [7] });
const conditional = {
  conditional: true,
  discriminator: projectionDiscriminator({ network: mlp({ hidden: [7] }) }),
} as const;

/** Every metric on three rows with classes, which all parts and both players' parameters enter. */
function measured(model: Model): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  tidy(() => {
    const x = tensor2d(uniform(key(1), 18), [3, 6]);
    const condition = tensor2d([1, 0, 0, 1, 0, 1], [3, 2]);
    const params = model.init(key(2), [6], [2]);
    const found = measure(model, params, { x, condition }, { step: 0, key: key(3) });
    for (const [name, value] of Object.entries(found))
      values[name] = value.dataSync<'float32'>()[0]!;
  });
  return values;
}

describe('a config', () => {
  it.each([
    gan({ ...parts, discriminator: ofData }),
    gan({ ...parts, discriminator: ofData, game: hinge(), penalties: [r1({ weight: 2 })] }),
    gan({ ...parts, ...conditional, game: wasserstein(), penalties: [gradientPenalty()] }),
    bigan({ ...parts, encoder, discriminator: ofPairs, balance: 0.8 }),
    bigan({ ...parts, encoder, discriminator: ofPairs, penalties: [gradientPenalty(), r1()] }),
    compose({ ...parts, encoder, terms: [adversarialPair({ discriminator: ofPairs, name: 'd' })] }),
    compose({
      ...parts,
      encoder,
      terms: [adversarialX({ ...conditional, against: 'both', penalties: [r1()] })],
    }),
  ])('rebuilds the model to the bit: $config.kind', (model) => {
    const again = ganRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    expect(measured(again)).toEqual(measured(model));
    expect(Object.values(measured(model)).every(Number.isFinite)).toBe(true);
  });

  it('makes no ELBO', () => {
    expect(hasElbo(gan({ ...parts, discriminator: ofData }))).toBe(false);
    expect(hasElbo(bigan({ ...parts, encoder, discriminator: ofPairs }))).toBe(false);
  });
});

describe('a game', () => {
  it('couples rows where its discriminator does', () => {
    const coupled = discriminator({
      network: sequential([mlp({ hidden: [4] }), minibatchDeviation()]),
    });
    expect(gan({ ...parts, discriminator: coupled }).terms[0]!.coupling).toEqual({ least: 2 });
    expect(gan({ ...parts, discriminator: ofData }).terms[0]!.coupling).toBeUndefined();
  });

  it('with a condition is refused data without one', () => {
    const model = gan({ ...parts, ...conditional });
    expect(() => model.init(key(1), [6])).toThrow(ShapeError);
    expect(() => model.init(key(1), [6])).toThrow(/adversarialX: its discriminator is conditional/);
  });
});

describe('the recipes', () => {
  const run = { steps: 20, batchSize: 16 };
  it.each([
    [ganRecipe, [6], { game: 'wasserstein', penalty: 'gradient', penaltyWeight: 10, dualSteps: 3 }],
    [ganRecipe, [2], { penalty: 'none', game: 'hinge' }],
    [biganRecipe, [6], { game: 'least-squares' }],
  ] as const)('$name makes a model and a training config for data %j', (recipe, shape, options) => {
    const made = recipe.build(
      { shape, unit: shape[0] === 6 },
      { latent: 2, hidden: [8], ...options },
      run,
    );
    expect(ganRegistry.build(modelCategory, written(made.model.config)).config).toEqual(
      made.model.config,
    );
    const config = parseTrainingConfig(
      JSON.parse(JSON.stringify({ ...run, seed: 1, ...made.training })),
    );
    const { primal, dual } = trainOptions(config, ganRegistry);
    expect([primal.config, dual?.config]).toEqual([made.training.primal, made.training.dual]);
  });
});
