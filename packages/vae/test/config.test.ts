import { ConfigError, cyclical, standardNormal, type Config } from '@elbo/core';
import { linearGaussian, traitsOf, words } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { modelCategory } from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { key, normal } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { parseTrainingConfig, train, trainOptions } from '@elbo/training';
import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { vae, vaeRecipe, vaeRegistry } from '../src/index.js';

beforeAll(useWasm);

/** What a file would hold. */
const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

describe('the config of a VAE', () => {
  it.each([1, 4, cyclical({ period: 10 })])('rebuilds the model to the bit (β %j)', (beta) => {
    const model = vae({
      prior: standardNormal(2),
      encoder: gaussianEncoder({ network: mlp({ hidden: [5] }), latent: 2, covariance: 'full' }),
      decoder: gaussianDecoder({ network: mlp({ hidden: [5] }), shape: [4], sigma: 0.5 }),
      beta,
      totalCorrelation: beta,
    });
    const again = vaeRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    const x = tensor2d(normal(key(1), 12), [3, 4]);
    const bits = (built: typeof again): number[] => [
      ...built.elbo(built.init(key(2), [4]), { x }, key(3)).dataSync(),
      ...[1, 2].flatMap((term) => [0, 3, 7].map((step) => built.terms[term]!.weight?.(step) ?? 1)),
    ];
    expect(bits(again)).toEqual(bits(model));
  });

  it('is refused, by name, when it has an option that a VAE lacks', () => {
    const { config } = vaeRecipe.build(
      { shape: [4], unit: false },
      {},
      { steps: 10, batchSize: 5 },
    ).model;
    expect(() => vaeRegistry.build(modelCategory, { ...config, bete: 2 })).toThrow(
      /'bete'.*did you mean 'beta'/,
    );
  });
});

describe('the recipe', () => {
  const traits = { shape: [4], unit: false };
  const run = { steps: 20, batchSize: 16 };

  it('suggests the option that was meant, and names one whose value does not fit', () => {
    const build = (options: Record<string, unknown>) => () => vaeRecipe.build(traits, options, run);
    expect(build({ latnet: 3 })).toThrow(ConfigError);
    expect(build({ latnet: 3 })).toThrow("vae has no option 'latnet'; did you mean 'latent'?");
    expect(build({ latent: 0 })).toThrow(/option 'latent'/);
    expect(build({ hidden: [30, 2.5] })).toThrow(/option 'hidden\.1'/);
    expect(build({ learningRate: 0 })).toThrow(/option 'learningRate'/);
    expect(Object.keys(vaeRecipe.options)).toEqual([
      ...[
        'latent',
        'network',
        'hidden',
        'beta',
        'anneal',
        'freeBits',
        'totalCorrelation',
        'prior',
        'components',
        'learningRate',
      ],
    ]);
  });

  it('anneals the weight of the KL over the steps of the run', () => {
    const weights = (anneal: string): number[] => {
      const { model } = vaeRecipe.build(
        traits,
        { anneal, beta: 2, freeBits: 0.1, totalCorrelation: 3 },
        { steps: 80, batchSize: 5 },
      );
      const again = vaeRegistry.build(modelCategory, written(model.config));
      expect(again.terms.map(({ config }) => config)).toEqual(model.terms.map((t) => t.config));
      expect(model.terms.map(({ name }) => name)).toEqual([
        'reconstruction',
        'kl',
        'free-bits',
        'total-correlation',
      ]);
      const [kl, correlation] = [again.terms[1]!, again.terms[3]!];
      for (const step of [0, 5, 30]) expect(correlation.weight!(step)).toBe(1.5 * kl.weight!(step));
      return [0, 5, 10, 20, 30, 80].map((step) => again.terms[1]!.weight!(step));
    };
    expect(weights('none')).toEqual([2, 2, 2, 2, 2, 2]);
    expect(weights('linear')).toEqual([0, 0.5, 1, 2, 2, 2]);
    expect(weights('cyclical')).toEqual([0, 1, 2, 0, 2, 0]);
  });

  it.each(['mixture', 'vamp'])('makes a model with a %s prior', (prior) => {
    const { model } = vaeRecipe.build(
      traits,
      { prior, components: 3, latent: 2, hidden: [4] },
      run,
    );
    const again = vaeRegistry.build(modelCategory, written(model.config));
    const params = again.init(key(1), [4]);
    expect(Object.keys(params.primal).sort()).toEqual(['decoder', 'encoder', 'prior']);
    expect(again.sample(params.primal, key(2), 3).shape).toEqual([3, 4]);
  });

  it('takes a Bernoulli likelihood for values in [0, 1], else a normal', () => {
    const kindFor = (unit: boolean): string =>
      vaeRecipe.build({ shape: [4], unit }, {}, run).model.decoder.config.kind;
    expect([kindFor(true), kindFor(false)]).toEqual(['bernoulli', 'gaussian']);
  });

  it('takes recurrent networks for sequences, and trains them', async () => {
    const data = words({ size: 20 });
    const { model } = vaeRecipe.build(traitsOf(data), { latent: 2, hidden: [6, 5] }, run);
    expect(model.decoder.config).toMatchObject({ kind: 'sequence', units: 6, shape: data.shape });
    expect(JSON.stringify(model.encoder?.config)).toContain('"kind":"gru","units":6');
    const again = vaeRegistry.build(modelCategory, written(model.config));
    const training = train(again, data, { steps: 2, batchSize: 8, seed: 1, primal: adam(1e-2) });
    for await (const { metrics } of training) expect(metrics.elbo).toBeLessThan(0);
    training.dispose();
  });

  it('makes a model and a training config that a run can be made of', async () => {
    const data = linearGaussian({ size: 64 });
    const made = vaeRecipe.build(traits, { latent: 2, hidden: [8] }, run);
    const config = parseTrainingConfig(
      JSON.parse(JSON.stringify({ ...run, seed: 1, ...made.training, every: 5 })),
    );
    const model = vaeRegistry.build(modelCategory, written(made.model.config));
    const training = train(model, data, trainOptions(config, vaeRegistry));
    const elbos: number[] = [];
    for await (const { metrics } of training) elbos.push(metrics.elbo!);
    expect(elbos).toHaveLength(4);
    expect(elbos.every(Number.isFinite)).toBe(true);
    training.dispose();
  });
});
