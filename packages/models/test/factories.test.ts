import * as aae from '@elbo/aae';
import * as avae from '@elbo/avae';
import * as avb from '@elbo/avb';
import * as core from '@elbo/core';
import * as datasets from '@elbo/datasets';
import * as decoders from '@elbo/decoders';
import * as discriminators from '@elbo/discriminators';
import * as encoders from '@elbo/encoders';
import * as gan from '@elbo/gan';
import * as iwae from '@elbo/iwae';
import * as networks from '@elbo/networks';
import * as objectives from '@elbo/objectives';
import * as optimisers from '@elbo/optimisers';
import * as vae from '@elbo/vae';
import * as wvae from '@elbo/wvae';
import { expect, it } from 'vitest';

const { ConfigError, ElboError } = core;

/** Exported functions that make no part from options: they build from a registry, read tensors or data, or check. */
const others: readonly unknown[] = [
  networks.gruCell,
  networks.gruStates,
  networks.expectCounts,
  networks.sequenceShape,
  decoders.networkMaking,
  optimisers.vectorParts,
  avae.buildFeatureCritic,
  aae.key,
  aae.train,
  aae.labelled,
  vae.binarise,
  wvae.mmd2,
  wvae.sinkhornDivergence,
];

/** Every factory of these packages, so that a new one is asked too. */
const whole = { networks, encoders, decoders, discriminators, optimisers };
const families = { vae, avb, aae, wvae, iwae, avae, gan };

/** Of packages that export much else. */
const named = {
  objectives: [
    'compose kl reconstruction marginalElbo freeBits klPart adversarialZ adversarialX',
    'nonSaturating hinge leastSquares wasserstein gradientPenalty r1',
    'vampPrior learnedGaussianMixture classPrior',
  ],
  core: [
    'standardNormal uniform oneHotPrior productPrior gaussianMixture gaussiansOnCircle swissRoll',
    'constant linear cosine exponential cyclical delayed',
  ],
  datasets: ['fromArrays strokes sprites words molecules ring grid linearGaussian labelled idx'],
};

type Factory = (...args: readonly unknown[]) => unknown;

const found = new Map<unknown, string>();
for (const exported of Object.values({ ...whole, ...families }))
  for (const [name, value] of Object.entries(exported))
    if (typeof value === 'function' && !others.includes(value) && !name.endsWith('Error'))
      found.set(value, name);
const spaces: Readonly<Record<string, object>> = { objectives, core, datasets };
for (const [space, names] of Object.entries(named))
  for (const name of names.join(' ').split(' '))
    found.set((spaces[space] as Readonly<Record<string, unknown>>)[name], name);
const factories = [...found].map(([factory, name]) => [name, factory as Factory] as const);

/** What cannot be meant by any option. */
const wrong = {
  hidden: 64,
  shape: 28,
  terms: 5,
  network: 5,
  prior: 5,
  encoder: 'gaussian',
  decoder: 4,
  discriminator: true,
  critic: 4,
};

function thrownBy(run: () => unknown): unknown {
  try {
    run();
    return undefined;
  } catch (error) {
    return error;
  }
}

it.each(factories)('%s: a missing or a wrong option is an error of our own', (name, factory) => {
  expect(factory, name).toBeTypeOf('function');
  for (const given of [[], [{}], [wrong]]) {
    const error = thrownBy(() => factory(...given));
    if (error !== undefined)
      expect(error, `${name}(${JSON.stringify(given)})`).toBeInstanceOf(ElboError);
  }
});

it.each<[string, Factory, object]>([
  ['hidden', networks.mlp as Factory, { hidden: 64 }],
  ['hidden', discriminators.denseDiscriminator as Factory, { hidden: 64 }],
  [
    'shape',
    decoders.bernoulliDecoder as Factory,
    { network: networks.mlp({ hidden: [4] }), shape: 784 },
  ],
  ['network', encoders.gaussianEncoder as Factory, { network: 5, latent: 2 }],
  ['network', encoders.gaussianEncoder as Factory, { network: {}, latent: 2 }],
  ['hidden[0]', networks.mlp as Factory, { hidden: ['a'] }],
  ['filters', networks.convTrunk as Factory, { filters: [4, {}] }],
  ['prior', vae.vae as Factory, { prior: 5, encoder: {}, decoder: {} }],
  [
    'terms',
    objectives.compose as Factory,
    { terms: 5, prior: core.standardNormal(1), decoder: {} },
  ],
  ['discriminator', objectives.adversarialZ as Factory, { discriminator: true }],
])("an option '%s' of the wrong type is named with its factory: %s", (option, factory, given) => {
  const error = thrownBy(() => factory(given));
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toContain(`${factory.name}: option '${option}' should be`);
});

const network = networks.mlp({ hidden: [4] });
const prior = core.standardNormal(2);
const encoder = encoders.gaussianEncoder({ network, latent: 2 });
const decoder = decoders.gaussianDecoder({ network, shape: [4, 4, 1] });
const data = datasets.fourPixels();
const discriminator = discriminators.denseDiscriminator({ hidden: [4] });

/** For every option that some factory has, what it may be. */
const right: Readonly<Record<string, unknown>> = {
  ...{ network, prior, encoder, decoder, discriminator, critic: discriminator },
  ...{ x: network, z: network, discriminators: { y: discriminator, s: discriminator } },
  ...{ hidden: [4], shape: [4, 4, 1], filters: [4], terms: [objectives.reconstruction()] },
  ...{ layers: 2, width: 4, blocks: 1, units: 4, kernel: 3, factor: 2, groups: 1, by: 1, sd: 1 },
  ...{ latent: 2, noise: 2, basis: 2, steps: 2, flow: 'planar', classes: 3, continuous: 2 },
  ...{ parts: { y: { kind: 'softmax', size: 2 } }, begin: 0, size: 2, unit: true, features: 2 },
  ...{ kernels: 2, dims: 2, components: 2, dim: 2, part: 'y', nats: 1, samples: 2, name: 'mine' },
  ...{ weights: [1, 1], means: [[0], [1]], logVars: [[0], [0]], radius: 2, scale: 1 },
  ...{ from: 1, to: 2, rate: 0.5, every: 2, period: 4, schedule: core.constant(1) },
  ...{ logLikelihood: () => undefined, activation: 'relu', init: 'glorot', momentSamples: 4 },
  ...{ sigma: 1, mean: 'linear', covariance: 'diagonal', bound: 1, low: 0, high: 1, labelled: 4 },
  ...{
    penalty: objectives.r1(),
    game: objectives.hinge(),
    cost: wvae.squaredEuclidean(),
    divergence: wvae.mmd(),
  },
  ...{ beta: 1, weight: 1, kl: { estimator: 'sample' }, estimator: 'sample', contrast: 'plain' },
};

/** What options may be from JavaScript: of other kinds, and lists and records of wrong members. */
const strange: readonly unknown[] = [
  ...[
    null,
    5,
    'a',
    {},
    () => 0,
    [],
    [undefined],
    ['a'],
    [{}],
    { a: 42 },
    { config: { kind: 'a' } },
  ],
];

const shown = (value: unknown): string =>
  typeof value === 'function' ? 'a function' : JSON.stringify(value);

/** Options that are no numbers and words: those are checked where they are used. */
const made = Object.keys(right).filter((option) => typeof right[option] === 'object');

const { strokes, sprites, words, molecules, ring, grid } = datasets;
const drawn = new Set<unknown>([strokes, sprites, words, molecules, ring, grid]);

it.each(factories)(
  '%s: an option of any other kind is refused in words of our own',
  (name, factory) => {
    const alien: string[] = [];
    const call = (said: string, ...given: readonly unknown[]): void => {
      const error = thrownBy(() => factory(...given));
      if (error !== undefined && !(error instanceof ElboError))
        alien.push(`${name}(${said}): ${(error as Error).message}`);
    };
    for (const value of strange) {
      call(shown(value), value);
      // Sets are drawn when they are made.
      if (drawn.has(factory)) continue;
      call(`1, ${shown(value)}`, 1, value);
      call(`a network, ${shown(value)}`, network, value);
      call(`data, ${shown(value)}`, data, value);
      for (const option of made)
        call(`{ ${option}: ${shown(value)} }`, { ...right, [option]: value });
    }
    expect(alien).toEqual([]);
  },
);
