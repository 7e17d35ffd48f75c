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
  datasets: ['fromArrays strokes sprites words molecules ring grid'],
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
  ['shape', decoders.bernoulliDecoder as Factory, { network: {}, shape: 784 }],
  ['network', encoders.gaussianEncoder as Factory, { network: 5, latent: 2 }],
  ['prior', vae.vae as Factory, { prior: 5, encoder: {}, decoder: {} }],
  ['terms', objectives.compose as Factory, { prior: {}, decoder: {}, terms: 5 }],
  ['discriminator', objectives.adversarialZ as Factory, { discriminator: true }],
])("an option '%s' of the wrong type is named with its factory: %s", (option, factory, given) => {
  const error = thrownBy(() => factory(given));
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toMatch(
    new RegExp(`^${factory.name}: option '${option}' should be`),
  );
});
