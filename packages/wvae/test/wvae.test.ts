import { defineKind, oneHotPrior, productPrior, standardNormal, type Config } from '@elbo/core';
import { fromArrays } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { deterministicEncoder, gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  adversarialZ,
  compose,
  hasElbo,
  kl,
  measure,
  modelCategory,
  reconstruction,
  weight,
  type Model,
} from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { key, normal } from '@elbo/random';
import { parseTrainingConfig, train, trainOptions } from '@elbo/training';
import { setThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { concat, fill, pow, setBackend, sub, sum, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  absolute,
  costCategory,
  dualCritic,
  mmd,
  sinkhorn,
  transportCost,
  wvae,
  wvaeRecipe,
  wvaeRegistry,
  type Cost,
} from '../src/index.js';

beforeAll(async () => {
  setThreadsCount(1);
  await setBackend('wasm');
});

const network = mlp({ hidden: [16], activation: 'tanh' });
const critic = mlp({ hidden: [8], output: 1 });
const parts = {
  prior: standardNormal(2),
  encoder: deterministicEncoder({ network, latent: 2 }),
  decoder: gaussianDecoder({ network, shape: [2], sigma: 1 }),
};
const batch = () => ({ x: tensor2d(normal(key(4), 24), [12, 2]) });

/** Every metric on a few rows. */
function measured(model: Model): Record<string, number> {
  return tidy(() => {
    const found = measure(model, model.init(key(1), [2]), batch(), { step: 0, key: key(2) });
    return Object.fromEntries(
      Object.entries(found).map(([name, value]) => [name, value.dataSync()[0]!]),
    );
  });
}

/** What a file would hold. */
const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

describe('a config', () => {
  it.each([
    wvae(parts),
    wvae({
      ...parts,
      cost: absolute(),
      divergence: mmd({ kernel: 'rbf', factors: [1] }),
      weight: 3,
    }),
    wvae({ ...parts, divergence: sinkhorn({ epsilon: 0.2, iterations: 5 }) }),
    wvae({ ...parts, divergence: dualCritic({ critic, penalty: 5 }) }),
    wvae({ ...parts, divergence: adversarialZ({ discriminator: critic }) }),
    compose({ ...parts, terms: [transportCost(), mmd({ name: 'z' })] }),
  ])('rebuilds the model to the bit: $config.divergence.kind', (model) => {
    const again = wvaeRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    expect(measured(again)).toEqual(measured(model));
  });

  // The λ of each, as the README's table has it.
  it.each([
    ['mmd', 1000],
    ['sinkhorn', 5],
    ['critic', 10],
    ['adversarial', 5],
  ])('the recipe makes a model: %s', (name, weight) => {
    const run = { steps: 20, batchSize: 16 };
    const traits = { shape: [2], unit: false };
    const made = wvaeRecipe.build(traits, { divergence: name, latent: 2, hidden: [4] }, run);
    const again = wvaeRegistry.build(modelCategory, written(made.model.config));
    expect(made.model.config).toMatchObject({ weight });
    expect(measured(again)).toEqual(measured(made.model));
    const config = parseTrainingConfig({ ...run, seed: 1, ...made.training });
    expect(trainOptions(config, wvaeRegistry).primal.config).toEqual(made.training.primal);
  });
});

it('the recipe mirrors its hidden layers', () => {
  const { model } = wvaeRecipe.build(
    { shape: [2], unit: false },
    { hidden: [6, 5], latent: 2 },
    { steps: 20, batchSize: 16 },
  );
  expect(model.config).toMatchObject({
    encoder: { network: { hidden: [6, 5] } },
    decoder: { network: { hidden: [5, 6] } },
  });
});

describe('a cost', () => {
  it('may be a function of one’s own, which a registry rebuilds by its kind', () => {
    const cubic: Cost = {
      config: { kind: 'cubic' },
      of: (x, y) => sum(pow(sub(x, y), 3), 1),
    };
    const model = wvae({ ...parts, cost: cubic });
    const registry = wvaeRegistry.with(defineKind('cubic', costCategory, {}, () => cubic));
    const again = registry.build(modelCategory, written(model.config));
    expect(measured(again)).toEqual(measured(model));
    expect(measured(model).cost).not.toBe(measured(wvae(parts)).cost);
  });

  it('makes no ELBO, nor does a divergence of the aggregate posterior beside a reconstruction', () => {
    expect(hasElbo(wvae(parts))).toBe(false);
    expect(hasElbo(compose({ ...parts, terms: [reconstruction(), mmd()] }))).toBe(false);
    expect(measured(wvae(parts))).not.toHaveProperty('elbo');
    const encoder = gaussianEncoder({ network, latent: 2 });
    expect(
      hasElbo(compose({ ...parts, encoder, terms: [reconstruction(), kl(), weight(mmd(), 9)] })),
    ).toBe(true);
  });
});

describe('a divergence', () => {
  it('of one part of z does not see the other', () => {
    const prior = productPrior({ y: oneHotPrior([1, 1]), style: standardNormal(2) });
    const { x } = batch();
    const cost = (y: number): number =>
      tidy(() => {
        const z = concat([fill([12, 2], y), x], 1);
        const pass = { prior, z, zPrior: prior.sample(key(7), 12) };
        return mmd({ part: 'style' })
          .evaluate(pass as never, {})
          .cost()
          .dataSync()[0]!;
      });
    expect(cost(0)).toBe(cost(5));
  });

  it('sees rows together, so that one worker trains it', () => {
    expect([mmd().coupling, sinkhorn().coupling]).toEqual([
      { least: 2, pairs: 3 },
      { least: 1, pairs: 3 },
    ]);
  });

  it.each([
    ['mmd', mmd(), 300, 1 / 3],
    // Codes that are spread along a line only, as they come to be first, are 1 from N(0, I) by W₂².
    ['sinkhorn', sinkhorn({ iterations: 5 }), 30, 2 / 3],
  ] as const)(
    'draws the codes of data to the prior: %s',
    async (name, divergence, factor, most) => {
      const x = normal(key(5), 800).map((v) => 0.2 * v + 2);
      const data = fromArrays({ x, shape: [2], range: 'finite' });
      const model = wvae({ ...parts, divergence, weight: factor });
      const run = train(model, data, {
        steps: 120,
        batchSize: 64,
        seed: 3,
        primal: adam(1e-2),
        every: 20,
      });
      const values: number[] = [];
      for await (const { metrics } of run) values.push(metrics[name]!);
      run.dispose();
      expect(values.at(-1)!).toBeLessThan(values[0]! * most);
    },
  );
});
