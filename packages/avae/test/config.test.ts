import { ConfigError, type Config } from '@elbo/core';
import { gradientPenalty, hinge, measure, modelCategory, r1, type Model } from '@elbo/objectives';
import { linear } from '@elbo/optimisers';
import { key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { parseTrainingConfig, trainOptions } from '@elbo/training';
import { tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { avae, avaeRecipe, avaeRegistry, cvaeGan, vaeGan, vaeGanRecipe } from '../src/index.js';
import { classes, data, fresh, ofClasses, ofData, parts } from './support.js';

beforeAll(useWasm);

/** What a file would hold. */
const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

/** Every metric, which all parts and both players' parameters enter. */
function measured(model: Model): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  tidy(() => {
    const batch = { x: data(), condition: classes() };
    const found = measure(model, fresh(model), batch, { step: 0, key: key(3) });
    for (const [name, value] of Object.entries(found))
      values[name] = value.dataSync<'float32'>()[0]!;
  });
  return values;
}

describe('a config', () => {
  it.each([
    avae({ ...parts, discriminator: ofData }),
    avae({ ...parts, discriminator: ofClasses, conditional: true, penalties: [r1()], gamma: 3 }),
    vaeGan({ ...parts, discriminator: ofData, game: hinge(), beta: linear({ steps: 10 }) }),
    vaeGan({ ...parts, discriminator: ofClasses, conditional: true, balance: 0.8 }),
    cvaeGan({ ...parts, discriminator: ofClasses, penalties: [gradientPenalty()], matching: 2 }),
  ])('rebuilds the model to the bit: $config.kind', (model) => {
    const again = avaeRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    expect(measured(again)).toEqual(measured(model));
    expect(Object.values(measured(model)).every(Number.isFinite)).toBe(true);
  });

  it('is refused when its discriminator has no features', () => {
    const config = {
      ...vaeGan({ ...parts, discriminator: ofData }).config,
      discriminator: { kind: 'mlp', hidden: [3], output: 1 },
    };
    expect(() => avaeRegistry.build(modelCategory, config)).toThrow(ConfigError);
    expect(() => avaeRegistry.build(modelCategory, config)).toThrow(/has no features/);
  });
});

describe('the recipes', () => {
  const run = { steps: 20, batchSize: 16 };
  const decoderOf = (recipe: typeof avaeRecipe, shape: number[], unit: boolean): Config =>
    recipe.build({ shape, unit }, { latent: 2, hidden: [8, 4] }, run).model.decoder.config;

  it('decode by one learned σ grey images alone, and through the layers of the encoder backwards', () => {
    const ofGreys = decoderOf(avaeRecipe, [4, 4, 1], false);
    expect(ofGreys).toMatchObject({ kind: 'gaussian', sigma: 'learned', mean: 'sigmoid' });
    expect(decoderOf(avaeRecipe, [2], false)).not.toMatchObject({ mean: 'sigmoid' });
    expect(decoderOf(avaeRecipe, [4, 4, 1], true)).toMatchObject({ kind: 'bernoulli' });
    for (const recipe of [avaeRecipe, vaeGanRecipe])
      expect(decoderOf(recipe, [4, 4, 1], false)).toMatchObject({ network: { hidden: [4, 8] } });
  });

  it.each([
    [avaeRecipe, [6], true, 'bernoulli'],
    [avaeRecipe, [4, 4, 1], false, 'gaussian'],
    [avaeRecipe, [2], false, 'gaussian'],
    [vaeGanRecipe, [4, 4, 1], false, 'bernoulli'],
    [vaeGanRecipe, [2], false, 'gaussian'],
  ] as const)(
    '$name makes a model and a training config: %j %s',
    (recipe, shape, unit, decoder) => {
      const made = recipe.build({ shape, unit }, { latent: 2, hidden: [8], gamma: 2 }, run);
      expect(made.model.decoder.config.kind).toBe(decoder);
      expect(avaeRegistry.build(modelCategory, written(made.model.config)).config).toEqual(
        made.model.config,
      );
      const config = parseTrainingConfig(
        JSON.parse(JSON.stringify({ ...run, seed: 1, ...made.training })),
      );
      const { primal, dual } = trainOptions(config, avaeRegistry);
      expect([primal.config, dual?.config]).toEqual([made.training.primal, made.training.dual]);
    },
  );
});
