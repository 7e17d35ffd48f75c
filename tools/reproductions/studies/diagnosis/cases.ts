// The models of the study: what is wrong with each is known, as it was trained to be so.
import { adaptiveContrastKl, adversarialKl } from '@elbo/avb';
import { standardNormal } from '@elbo/core';
import { fourPixels, linearGaussian, type Dataset } from '@elbo/datasets';
import { bernoulliDecoder, gaussianDecoder } from '@elbo/decoders';
import { concatDiscriminator } from '@elbo/discriminators';
import { anchoredEncoder, basisEncoder, gaussianEncoder, implicitEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import { compose, reconstruction, weight, type AnyEncoder, type Decoder } from '@elbo/objectives';
import { adam, cosine } from '@elbo/optimisers';
import type { Setting } from '../../runner/setting.js';

/** What a model was trained to be. */
export type Kind = 'good' | 'lagging' | 'saturated' | 'collapsed' | 'few rows';

/** A way to train a model that is of a kind. */
export interface Case {
  readonly kind: Kind;
  readonly about: string;
  readonly setting: () => Setting;
  /** Rows that it is diagnosed on, by its seed; all of four, at most 100 by default. */
  readonly rows?: (seed: number) => number;
}

const prior = standardNormal(2);
const steps = 600;
const batchSize = 256;
const trunk = mlp({ hidden: [32], activation: 'elu' });

interface World {
  readonly data: Dataset;
  readonly decoder: Decoder;
}

const pixels: World = {
  data: fourPixels(),
  decoder: bernoulliDecoder({
    network: mlp({ hidden: [32, 32], activation: 'elu' }),
    shape: [2, 2, 1],
  }),
};
/** x = W z + σ ε in the plane, and a decoder of that σ. */
const plane = (sigma: number, size: number): World => ({
  data: linearGaussian({
    weights: [
      [1.2, 0.3],
      [-0.4, 0.9],
    ],
    noise: sigma,
    size,
  }),
  decoder: gaussianDecoder({
    network: mlp({ hidden: [32], activation: 'elu' }),
    shape: [2],
    sigma,
  }),
});
/** Divergences of about 1 nat. */
const line = plane(1, 100);
/** The same, more of them than a diagnosis takes. */
const many = plane(1, 500);
/** Divergences of some nats, of which 1 % is more than what discriminators miss of the rest. */
const sharp = plane(0.1, 100);
/** Posteriors are narrow. */
const certain = plane(0.03, 100);

const normal = (): AnyEncoder => gaussianEncoder({ network: trunk, latent: 2 });
const implicit = (): AnyEncoder =>
  implicitEncoder({
    network: trunk,
    latent: 2,
    noise: 4,
    hidden: [32, 32],
    activation: 'elu',
    outputNoise: 0.05,
  });

/** Not normal, but near the normal of its moments. */
const basis = (): AnyEncoder =>
  basisEncoder({
    network: trunk,
    latent: 2,
    noise: 2,
    basis: 2,
    hidden: [16],
    activation: 'elu',
    residual: true,
    outputNoise: 0.05,
    momentSamples: 64,
  });

const anchored = (): AnyEncoder =>
  anchoredEncoder({
    network: trunk,
    latent: 2,
    noise: 2,
    hidden: [16],
    activation: 'elu',
    lipschitz: 0.9,
  });

/** How a model's game is played. */
interface Game {
  /** Of the dual player's rate; 1 by default. */
  readonly pace?: number;
  readonly dualSteps?: number;
  readonly steps?: number;
  /** β. */
  readonly weight?: number;
  /** The share of the steps after which the encoder stands still, and T catches up; 1 by default. */
  readonly until?: number;
  readonly contrast?: 'plain' | 'adaptive' | 'anchored';
}

function setting(
  { data, decoder }: World,
  encoder: () => AnyEncoder,
  {
    pace = 1,
    dualSteps = 2,
    steps: iterations = steps,
    weight: beta,
    until = 1,
    contrast = 'plain',
  }: Game = {},
): Setting {
  const discriminator = concatDiscriminator({ hidden: [32, 32] });
  const kl =
    contrast === 'plain'
      ? adversarialKl({ discriminator })
      : adaptiveContrastKl({ discriminator, stopGradient: contrast === 'adaptive' });
  const model = compose({
    prior,
    encoder: encoder() as ReturnType<typeof implicitEncoder>,
    decoder,
    terms: [reconstruction(), beta === undefined ? kl : weight(kl, beta)],
  });
  return {
    model,
    data,
    training: {
      steps: iterations,
      batchSize,
      primal: adam(cosine({ from: 5e-3, steps: until * iterations })),
      dual: adam(cosine({ from: 5e-3 * pace, steps: dualSteps * iterations })),
      dualSteps,
    },
  };
}

const few = [2, 4, 6, 8, 12];

/** What a good one has: an encoder that stands still at the end. */
const good: Game = { until: 0.5 };
const short: Game = { pace: 1 / 3, dualSteps: 1, steps: steps / 2 };

/** By name. */
export const cases: Readonly<Record<string, Case>> = {
  'plane-normal': {
    kind: 'good',
    about:
      'linear Gaussian rows in the plane, σ = 1, a normal posterior, plain contrast; T learns on when the encoder stands still',
    setting: () => setting(line, normal, { ...good, steps: 2 * steps }),
  },
  'pixels-anchored': {
    kind: 'good',
    about: 'four pixels, anchored, so that it has bounds without discriminators; the same',
    setting: () => setting(pixels, anchored, { ...good, contrast: 'anchored' }),
  },
  'sharp-normal': {
    kind: 'good',
    about:
      'rows in the plane, σ = .1, so that the divergence is some nats; a normal posterior, adaptive contrast; the same',
    setting: () => setting(sharp, normal, { ...good, contrast: 'adaptive' }),
  },
  'sharp-basis': {
    kind: 'good',
    about:
      'these rows, a posterior that is not normal, adaptive contrast with moments of 64 draws, whose noise no T can see; the same',
    setting: () => setting(sharp, basis, { ...good, contrast: 'adaptive' }),
  },
  'sharp-anchored': {
    kind: 'good',
    about: 'these rows, anchored; the same',
    setting: () => setting(sharp, anchored, { ...good, contrast: 'anchored' }),
  },
  'pixels-slow-t': {
    kind: 'lagging',
    about: 'four pixels, an implicit posterior, T at a thirtieth of the rate',
    setting: () => setting(pixels, implicit, { pace: 1 / 30 }),
  },
  'sharp-slow-t': {
    kind: 'lagging',
    about: 'as sharp-basis, T at a thirtieth of the rate',
    setting: () => setting(sharp, basis, { pace: 1 / 30, contrast: 'adaptive' }),
  },
  'plane-certain': {
    kind: 'saturated',
    about: 'rows in the plane, σ = .03, so that posteriors are narrow; plain contrast',
    setting: () => setting(certain, normal),
  },
  'pixels-prior': {
    kind: 'collapsed',
    about: 'β = 20: posteriors are the prior',
    setting: () => setting(pixels, implicit, { ...good, weight: 20, steps: steps / 2 }),
  },
  'few-rows': {
    kind: 'few rows',
    about:
      'as plane-normal, half the steps, one of T for one of the encoder at a third of the rate; on 2 to 12 rows of 500',
    setting: () => setting(many, normal, short),
    rows: (seed) => few[seed % few.length]!,
  },
};
