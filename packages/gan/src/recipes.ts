import { positive, standardNormal } from '@elbo/core';
import type { DataTraits } from '@elbo/datasets';
import { generatorFor } from '@elbo/decoders';
import {
  concatDiscriminator,
  discriminator,
  innerProductDiscriminator,
  type PairNetwork,
} from '@elbo/discriminators';
import { gaussianEncoder } from '@elbo/encoders';
import { mlp } from '@elbo/networks';
import {
  gradientPenalty,
  hinge,
  leastSquares,
  nonSaturating,
  r1,
  wasserstein,
  type RulesOptions,
} from '@elbo/objectives';
import {
  aboutNetworks,
  areUnitImages,
  chosenNetwork,
  count,
  defineRecipe,
  fallingAdam,
  inGames,
  inwards,
  networkEntries,
  outwards,
  type NetworkName,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { bigan } from './bigan.js';
import { gan } from './gan.js';
import { ganRegistry } from './registry.js';

const games = {
  'non-saturating': nonSaturating,
  hinge,
  'least-squares': leastSquares,
  wasserstein,
} as const;
const penalties = { r1, gradient: gradientPenalty } as const;

/** What both recipes take. */
const shared = {
  options: {
    latent: 'dimension of z',
    ...aboutNetworks,
    game: 'non-saturating, hinge, least-squares or wasserstein',
    penalty:
      "on the discriminator's slope: r1 (at data), gradient (between data and samples) or none",
    penaltyWeight: 'its weight',
    learningRate: 'learning rate of the generator',
    discriminatorRate: 'learning rate of the discriminator',
    dualSteps: 'discriminator steps in an iteration',
  },
  schema: {
    latent: v.optional(count, 32),
    ...networkEntries,
    game: v.optional(
      v.picklist(['non-saturating', 'hinge', 'least-squares', 'wasserstein']),
      'non-saturating',
    ),
    penalty: v.optional(v.picklist(['r1', 'gradient', 'none']), 'r1'),
    penaltyWeight: v.optional(positive, 0.5),
    learningRate: v.optional(positive, 1e-3),
    discriminatorRate: v.optional(positive, 1e-3),
    dualSteps: v.optional(count, 1),
  },
} as const;

interface Shared {
  readonly network?: NetworkName | undefined;
  readonly hidden?: number[] | undefined;
  readonly game: keyof typeof games;
  readonly penalty: keyof typeof penalties | 'none';
  readonly penaltyWeight: number;
  readonly learningRate: number;
  readonly discriminatorRate: number;
  readonly dualSteps: number;
}

function rulesFor({ game, penalty, penaltyWeight: weight }: Shared): RulesOptions {
  return {
    game: games[game](),
    penalties: penalty === 'none' ? [] : [penalties[penalty]({ weight })],
  };
}

/** Adam without much momentum, at rates that fall over the second half; samples come from averaged parameters. */
function trainingFor(options: Shared, steps: number): ReturnType<Recipe['build']>['training'] {
  const falling = { start: 0.5, floor: 0.05, beta1: 0.5 };
  const { learningRate, discriminatorRate, dualSteps } = options;
  return {
    primal: fallingAdam({ ...falling, from: learningRate, steps }).config,
    dual: fallingAdam({ ...falling, from: discriminatorRate, steps: steps * dualSteps }).config,
    dualSteps,
    ema: 0.999,
  };
}

/** D(x, z): dense layers see both at once; images that are convolved, and z, meet in an inner product. */
function pairDiscriminatorFor(
  data: DataTraits,
  chosen: ReturnType<typeof inGames>,
  features: number,
): PairNetwork {
  const { hidden = chosen.usual, activation } = chosen;
  if (chosenNetwork(data, chosen) === 'mlp')
    return concatDiscriminator({ hidden, activation, zeroOutput: false });
  return innerProductDiscriminator({
    x: inwards(data, chosen).network,
    z: mlp({ hidden: [features, features], activation }),
    features,
    zeroOutput: false,
  });
}

const inUnit = (data: DataTraits): boolean => data.unit || areUnitImages(data);

/** `elbo train gan`: the usual networks and the non-saturating game with R1. */
export const ganRecipe: Recipe = defineRecipe({
  name: 'gan',
  summary: 'Generative adversarial network (Goodfellow et al. 2014)',
  ...shared,
  registry: ganRegistry,
  keepsGreys: true,
  comparesRows: true,
  build: (data, options, { steps }) => {
    const chosen = inGames(options);
    return {
      model: gan({
        prior: standardNormal(options.latent),
        decoder: generatorFor({
          ...data,
          network: outwards(data, chosen),
          unit: inUnit(data),
        }),
        discriminator: discriminator({ network: inwards(data, chosen).network }),
        ...rulesFor(options),
      }),
      training: trainingFor(options, steps),
    };
  },
});

/** `elbo train bigan`: the same with a Gaussian encoder, and D(x, z). */
export const biganRecipe: Recipe = defineRecipe({
  name: 'bigan',
  summary: 'Bidirectional GAN, or adversarially learned inference (Donahue, Dumoulin et al. 2017)',
  ...shared,
  registry: ganRegistry,
  keepsGreys: true,
  comparesRows: true,
  build: (data, options, { steps }) => {
    const { latent } = options;
    const chosen = inGames(options);
    const { network, features } = inwards(data, chosen);
    return {
      model: bigan({
        prior: standardNormal(latent),
        encoder: gaussianEncoder({
          network,
          latent,
        }),
        decoder: generatorFor({
          ...data,
          network: outwards(data, chosen),
          unit: inUnit(data),
        }),
        discriminator: pairDiscriminatorFor(data, chosen, features),
        ...rulesFor(options),
      }),
      training: trainingFor(options, steps),
    };
  },
});
