import { CompositionError, ConfigError, standardNormal, type Config } from '@elbo/core';
import { bernoulliDecoder } from '@elbo/decoders';
import { concatDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, basisEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  compose,
  leastRows,
  modelCategory,
  reconstruction,
  weight,
  type Model,
} from '@elbo/objectives';
import { bernoulli, key } from '@elbo/random';
import { useWasm } from '@elbo/testing/backends';
import { parseTrainingConfig, trainOptions } from '@elbo/training';
import { tensor2d } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  adaptiveContrastKl,
  adversarialKl,
  avb,
  avbRecipe,
  avbRegistry,
  type ContrastKind,
} from '../src/index.js';

beforeAll(useWasm);

/** What a file would hold. */
const written = (config: Config): Config => JSON.parse(JSON.stringify(config)) as Config;

const parts = {
  prior: standardNormal(2),
  decoder: bernoulliDecoder({ network: mlp({ hidden: [5] }), shape: [6] }),
};
const discriminator = concatDiscriminator({ hidden: [7], zeroOutput: false });
const noise = { latent: 2, noise: 3, hidden: [5] };

/** The ELBO of a few rows, which every part and its parameters enter. */
function bitsOf(model: Model): number[] {
  const x = tensor2d(bernoulli(key(1), 0.5, 18), [3, 6]);
  const elbo = model.elbo(model.init(key(2), [6]), { x }, key(3));
  return [...elbo.dataSync()];
}

describe('the adversary', () => {
  it.each(['plain', 'adaptive', 'anchored'] as const)(
    'couples rows where its discriminator does: %s',
    (contrast) => {
      const coupled = { ...discriminator, coupling: { least: 2 } };
      const of = (t: typeof discriminator): Model =>
        avb({ ...parts, encoder: anchoredEncoder(noise), discriminator: t, contrast });
      expect(of(coupled).terms.map(({ coupling }) => coupling?.least)).toEqual([undefined, 2]);
      expect(leastRows(of(discriminator))).toBe(1);
    },
  );
});

describe('a config', () => {
  it.each([
    avb({ ...parts, encoder: implicitEncoder(noise), discriminator, contrast: 'plain' }),
    avb({
      ...parts,
      encoder: basisEncoder({ ...noise, basis: 2 }),
      discriminator,
      contrast: 'adaptive',
    }),
    avb({ ...parts, encoder: anchoredEncoder(noise), discriminator }),
    compose({
      ...parts,
      encoder: anchoredEncoder(noise),
      terms: [
        reconstruction(),
        weight(adaptiveContrastKl({ discriminator, name: 'divergence', stopGradient: false }), 2),
      ],
    }),
    compose({
      ...parts,
      encoder: implicitEncoder(noise),
      terms: [reconstruction(), adversarialKl({ discriminator })],
    }),
  ])('rebuilds the model to the bit: $config.kind $config.contrast', (model) => {
    const again = avbRegistry.build(modelCategory, written(model.config));
    expect(again.config).toEqual(model.config);
    expect(bitsOf(again)).toEqual(bitsOf(model));
  });

  it('has the term of its contrast, and a gradient through the reference where that is an anchor', () => {
    const klOf = (contrast: ContrastKind): Config =>
      avb({ ...parts, encoder: anchoredEncoder(noise), discriminator, contrast }).terms[1]!.config;
    expect(klOf('plain').kind).toBe('adversarial-kl');
    expect(klOf('adaptive')).toMatchObject({ kind: 'adaptive-contrast-kl', stopGradient: true });
    expect(klOf('anchored')).toMatchObject({ kind: 'adaptive-contrast-kl', stopGradient: false });
  });

  it('is refused when its encoder lacks what the contrast needs', () => {
    const encoder = { ...implicitEncoder(noise), offers: ['posterior'] as const };
    const of = (contrast: 'plain' | 'adaptive') => () =>
      avb({ ...parts, encoder, discriminator, contrast });
    expect(of('adaptive')).toThrow(CompositionError);
    expect(of('adaptive')).toThrow(/'kl' needs moments/);
    expect(of('plain')).not.toThrow();
    const config = written(of('plain')().config);
    expect(() => avbRegistry.build(modelCategory, { ...config, contrast: 'plane' })).toThrow(
      /contrast/,
    );
  });
});

describe('the recipe', () => {
  const traits = { shape: [6], unit: true };
  const run = { steps: 20, batchSize: 16 };
  const build = (options: Record<string, unknown>) => () => avbRecipe.build(traits, options, run);

  it('suggests the option that was meant, and names one whose value does not fit', () => {
    expect(build({ contrats: 'plain' })).toThrow(ConfigError);
    expect(build({ contrats: 'plain' })).toThrow(
      "avb has no option 'contrats'; did you mean 'contrast'?",
    );
    expect(build({ contrast: 'strong' })).toThrow(/option 'contrast'.*"anchored"/);
    expect(build({ dualSteps: 0 })).toThrow(/option 'dualSteps'/);
    expect(build({ discriminatorRate: -1 })).toThrow(/option 'discriminatorRate'/);
  });

  it.each(['plain', 'adaptive', 'anchored'])(
    '%s: makes a model and a training config',
    (contrast) => {
      const made = build({ contrast, latent: 2, hidden: [8], features: 4, dualSteps: 2 })();
      const again = avbRegistry.build(modelCategory, written(made.model.config));
      expect(bitsOf(again)).toEqual(bitsOf(made.model));
      const config = parseTrainingConfig(
        JSON.parse(JSON.stringify({ ...run, seed: 1, ...made.training })),
      );
      const options = trainOptions(config, avbRegistry);
      expect(options.dualSteps).toBe(2);
      expect([options.primal.config, options.dual?.config]).toEqual([
        made.training.primal,
        made.training.dual,
      ]);
    },
  );
});
