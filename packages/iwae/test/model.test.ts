import { selectBackend } from '@elbo/backends';
import { CompositionError, ConfigError, standardNormal } from '@elbo/core';
import { conditionOnLabel, linearGaussian, ring } from '@elbo/datasets';
import { gaussianDecoder } from '@elbo/decoders';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  compose,
  kl,
  modelCategory,
  type Ability,
  type Encoder,
  type Model,
} from '@elbo/objectives';
import { adam } from '@elbo/optimisers';
import { fold, key, normal } from '@elbo/random';
import { disposeState, parseTrainingConfig, toBatch, train, trainOptions } from '@elbo/training';
import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { iwae, iwaeBound, iwaeRecipe, iwaeRegistry, type IwaeBoundOptions } from '../src/index.js';
import { moments } from '@elbo/testing/worlds/importance';

beforeAll(async () => {
  await selectBackend({ backend: 'wasm' });
});

const parts = (features: number) => ({
  prior: standardNormal(2),
  encoder: gaussianEncoder({ network: mlp({ hidden: [6] }), latent: 2 }),
  decoder: gaussianDecoder({ network: mlp({ hidden: [6] }), shape: [features] }),
});
const modelOf = (options: IwaeBoundOptions, features = 4): Model =>
  iwae({ ...parts(features), ...options });
/** What a file would hold. */
const written = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('an IWAE', () => {
  it.each<IwaeBoundOptions>([
    { samples: 5 },
    { samples: 5, gradient: 'dreg', chunk: 2 },
    { samples: 1, gradient: 'stl' },
  ])('is rebuilt from its config to the bit: %j', (options) => {
    const model = modelOf(options);
    const again = iwaeRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    expect(again.terms.map(({ config }) => config)).toEqual(
      model.terms.map(({ config }) => config),
    );
    const x = tensor2d(normal(key(1), 12), [3, 4]);
    const [a, b] = [model, again].map((each) =>
      each.elbo(each.init(key(2), [4]), { x }, key(3)).dataSync(),
    );
    expect(a).toEqual(b);
  });

  it('refuses options that make no bound, and a KL beside it', () => {
    expect(() => iwaeBound({ samples: 0 })).toThrow(ConfigError);
    expect(() => iwaeBound({ samples: 3, chunk: 1.5 })).toThrow(/'chunk' must be/);
    expect(() => compose({ ...parts(4), terms: [iwaeBound({ samples: 2 }), kl()] })).toThrow(
      CompositionError,
    );
  });

  it.each<IwaeBoundOptions>([{ samples: 4 }, { samples: 4, gradient: 'dreg', chunk: 3 }])(
    'takes a condition, for each of its samples: %j',
    async (options) => {
      const data = conditionOnLabel(ring({ modes: 3, size: 64 }));
      const run = train(modelOf(options, 2), data, {
        steps: 4,
        batchSize: 32,
        seed: 1,
        primal: adam(1e-3),
        every: 4,
      });
      for await (const { metrics } of run) expect(metrics.elbo).toBeCloseTo(-metrics.bound!, 6);
      run.dispose();
    },
  );

  it('trained by its recipe has a bound between that of one sample and log p(x)', async () => {
    const data = linearGaussian({ size: 256, seed: 2 });
    const made = iwaeRecipe.build(
      { shape: data.shape, unit: false },
      { latent: 2, hidden: [16], gradient: 'dreg', learningRate: 1e-2 },
      { steps: 300, batchSize: 64 },
    );
    const config = parseTrainingConfig(
      written({ steps: 300, batchSize: 64, seed: 1, every: 300, ...made.training }),
    );
    const run = train(made.model, data, trainOptions(config, iwaeRegistry));
    for await (const { metrics } of run) expect(Number.isFinite(metrics.elbo)).toBe(true);
    const { params, ...state } = run.take();
    const rows = await data.read(
      Uint32Array.from({ length: 256 }, (_, i) => i),
      key(1),
    );
    const batch = toBatch(rows, data.shape, data.name);
    const { encoder, decoder, prior } = made.model;
    const bound = (samples: number, draws: number) => {
      const model = iwae({ prior, encoder: encoder as Encoder<Ability>, decoder, samples });
      return moments(
        Array.from(
          { length: draws },
          (_, i) => moments(model.elbo(params, batch, fold(key(4), i)).dataSync()).mean,
        ),
      );
    };
    const [one, eight, many] = [bound(1, 60), bound(8, 40), bound(400, 10)];
    expect(eight.mean - one.mean).toBeGreaterThan(4 * Math.hypot(one.error, eight.error));
    expect(many.mean - eight.mean).toBeGreaterThan(-4 * Math.hypot(many.error, eight.error));
    // The entropy of the data's own model is what no model beats on average, but for what 256 rows can be fitted by.
    expect(many.mean).toBeLessThan(data.exact.meanLogProb(rows.x) + 0.1);
    expect(many.mean).toBeGreaterThan(data.exact.meanLogProb(rows.x) - 0.3);
    disposeState({ params, ...state });
  });
});
