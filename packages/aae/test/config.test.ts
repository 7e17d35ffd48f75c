import {
  CompositionError,
  gaussiansOnCircle,
  linear,
  oneHotPrior,
  productPrior,
  standardNormal,
} from '@elbo/core';
import { strokes } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import {
  deterministicEncoder,
  gaussianEncoder,
  implicitEncoder,
  structuredEncoder,
} from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  gradientPenalty,
  hasElbo,
  hinge,
  leastRows,
  modelCategory,
  type Batch,
} from '@elbo/objectives';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { parseTrainingConfig, trainOptions } from '@elbo/training';
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  aae,
  aaeRecipe,
  aaeRegistry,
  semiSupervisedAae,
  semiSupervisedAaeRecipe,
} from '../src/index.js';
import { measured, written } from './support.js';

beforeAll(useWasm);

const network = mlp({ hidden: [6], activation: 'tanh' });
const critic = mlp({ hidden: [5], output: 1 });
const circle = gaussiansOnCircle({ components: 3, radius: 2, scale: 0.3 });
const parts = {
  prior: standardNormal(2),
  encoder: deterministicEncoder({ network, latent: 2 }),
  decoder: gaussianDecoder({ network, shape: [3], sigma: 1 }),
  discriminator: critic,
};
const structured = {
  decoder: parts.decoder,
  prior: productPrior({ y: oneHotPrior([1, 1]), style: standardNormal(2) }),
  encoder: structuredEncoder({
    network,
    parts: { y: { kind: 'softmax', size: 2 }, style: { kind: 'normal', size: 2 } },
  }),
  discriminators: { y: critic, style: critic },
};
const batch = (): Batch => ({
  x: tensor2d(normal(key(4), 12), [4, 3]),
  label: tensor1d([0, -1, 1, 1], 'float32'),
});

describe('a game', () => {
  it('couples rows where its discriminator does', () => {
    const coupled = { ...critic, coupling: { least: 2 } };
    const models = [
      aae({ ...parts, discriminator: coupled }),
      aae({ ...parts, prior: circle, discriminator: coupled, classes: 3 }),
      semiSupervisedAae({ ...structured, discriminators: { y: critic, style: coupled } }),
    ];
    expect(models.map(leastRows)).toEqual([2, 2, 2]);
    expect(leastRows(aae(parts))).toBe(1);
  });
});

describe('a config', () => {
  it.each([
    aae(parts),
    aae({ ...parts, weight: 3, game: hinge(), penalties: [gradientPenalty({ weight: 2 })] }),
    aae({ ...parts, encoder: gaussianEncoder({ network, latent: 2 }), balance: 0.8 }),
    aae({ ...parts, encoder: implicitEncoder({ latent: 2, noise: 2, hidden: [4] }) }),
    aae({ ...parts, prior: circle, classes: 3 }),
    semiSupervisedAae(structured),
    semiSupervisedAae({ ...structured, game: hinge(), weights: { y: 2, classification: 0 } }),
    semiSupervisedAae({ ...structured, weights: { y: linear({ steps: 9 }), consistency: 3 } }),
  ])('rebuilds the model to the bit: $config.kind of $config.encoder.kind', (model) => {
    const again = aaeRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    expect(measured(again, batch)).toEqual(measured(model, batch));
    expect(hasElbo(model)).toBe(false);
  });

  it('of a model whose prior has no labels, or a part that is none, is refused', () => {
    expect(() => aae({ ...parts, classes: 3 }).init(key(1), [3])).toThrow(CompositionError);
    expect(() => semiSupervisedAae({ ...structured, prior: standardNormal(4) })).toThrow(
      "part 'y'",
    );
  });
});

describe('the recipes', () => {
  const run = { steps: 20, batchSize: 16 };
  const traits = { shape: [3], unit: false, classes: 2 };

  it.each([
    [aaeRecipe, { latent: 2, hidden: [4] }],
    [semiSupervisedAaeRecipe, { style: 2, hidden: [4], features: 4 }],
  ])('make a model and a training config: $name', (recipe, options) => {
    const made = recipe.build(traits, options, run);
    const again = aaeRegistry.build(modelCategory, written(made.model.config));
    expect(measured(again, batch)).toEqual(measured(made.model, batch));
    const config = parseTrainingConfig({ ...run, seed: 1, ...made.training });
    expect(trainOptions(config, aaeRegistry).dual?.config).toEqual(made.training.dual);
  });

  it('moves images for the encoder, where it is told to and rows are images', () => {
    const moves = (shape: readonly number[], shift: number): boolean => {
      const made = semiSupervisedAaeRecipe.build({ ...traits, shape }, { shift }, run).model;
      const again = aaeRegistry.build(modelCategory, written(made.config));
      expect(again.config).toEqual(made.config);
      return JSON.stringify(made.config).includes('random-shift');
    };
    expect([moves([4, 4, 1], 1), moves([4, 4, 1], 0), moves([3], 1)]).toEqual([true, false, false]);
  });

  it('leaves the data as many labels as it was told', async () => {
    const { prepare } = semiSupervisedAaeRecipe.build(traits, { labels: 20, share: 0.5 }, run);
    const data = prepare!(strokes({ size: 50 }));
    expect(data.size).toBe(100);
    const rows = Uint32Array.from({ length: 50 }, (_, i) => i);
    const { label } = await data.read(rows, key(0));
    expect(label!.filter((value) => value >= 0)).toHaveLength(20);
  });

  it('say when data without labels cannot be trained on', () => {
    expect(() => semiSupervisedAaeRecipe.build({ shape: [3], unit: true }, {}, run)).toThrow(
      'no labels',
    );
  });
});
