import { ConfigError, countParams, disposeTree } from '@elbo/core';
import { fromArrays, type Dataset, type DataTraits } from '@elbo/datasets';
import { modelCategory } from '@elbo/objectives';
import { optimiserCategory } from '@elbo/optimisers';
import { key, uniform } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { train } from '@elbo/training';
import { beforeAll, describe, expect, test } from 'vitest';
import { recipes, standard } from '../src/index.js';

beforeAll(async () => {
  await useWasm();
});

const size = 6;
const steps = 3;

/** Noise in the form of images, of two classes. */
function images(shape: readonly number[]): { readonly data: Dataset; readonly traits: DataTraits } {
  const length = shape.reduce((product, side) => product * side, 1);
  const x = Float32Array.from(
    uniform(key(1), size * length),
    (value) => Math.round(255 * value) / 255,
  );
  const label = Int32Array.from({ length: size }, (_, row) => row % 2);
  const data = fromArrays({ x, shape, label });
  return { data, traits: { shape, unit: false, levels: 256, classes: 2 } };
}

const small: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'aae-semi': { labels: 4, features: 4 },
  aae: { features: 4 },
  avb: { features: 4, noise: 2 },
  wvae: { features: 4 },
};

describe.each(recipes.map(({ name }) => name))('%s', (name) => {
  const recipe = recipes.find((each) => each.name === name)!;
  test.each(
    [
      [9, 13, 1],
      [17, 31, 3],
    ].flatMap((shape) =>
      (['mlp', 'conv', 'residual'] as const).map((network) => [network, shape] as const),
    ),
  )(
    'with network %s of %o trains, stays finite, and is built again from its config',
    async (network, shape) => {
      const { data, traits } = images(shape);
      const hidden = network === 'conv' ? [2, 3] : [4, 4];
      const latent = name === 'aae-semi' ? { style: 2 } : { latent: 2 };
      const options = { network, hidden, ...latent, ...small[name] };
      const {
        model,
        training,
        prepare = (set) => set,
      } = recipe.build(traits, options, { steps, batchSize: size });
      const run = train(model, prepare(data), {
        ...{ steps, batchSize: size, seed: 1, every: 1 },
        primal: standard.build(optimiserCategory, training.primal),
        ...(training.dual && { dual: standard.build(optimiserCategory, training.dual) }),
      });
      for await (const { metrics } of run)
        for (const [metric, value] of Object.entries(metrics))
          expect([metric, Number.isFinite(value)]).toEqual([metric, true]);
      const { params } = run.state;
      const made = model.sample(params.primal, key(2), 2);
      expect(made.shape).toEqual([2, ...shape]);
      made.dispose();
      const again = standard.build(modelCategory, model.config);
      expect(again.config).toEqual(model.config);
      const fresh = again.init(key(1), shape);
      expect(countParams(fresh.primal)).toBe(countParams(params.primal));
      disposeTree({ ...fresh.primal, dual: fresh.dual });
      run.dispose();
    },
  );

  test('says what convolutions are for', () => {
    const build = (traits: DataTraits): unknown =>
      recipe.build(traits, { network: 'conv' }, { steps, batchSize: size });
    expect(() => build({ shape: [7], unit: true, classes: 2 })).toThrow(ConfigError);
    expect(() => build({ shape: [7], unit: true, classes: 2 })).toThrow(
      /network 'conv' is for images of 4 pixels a side and more.*\[7\].*say mlp/,
    );
  });
});
