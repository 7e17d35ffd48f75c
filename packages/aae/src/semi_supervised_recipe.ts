import {
  ConfigError,
  linear,
  notNegative,
  oneHotPrior,
  positive,
  productPrior,
  standardNormal,
  whole,
  type Network,
  type Schedule,
} from '@elbo/core';
import { labelled } from '@elbo/datasets';
import { decoderFor } from '@elbo/decoders';
import { structuredEncoder } from '@elbo/encoders';
import {
  activation,
  dense,
  flatten,
  gaussianNoise,
  layerNorm,
  mlp,
  randomShift,
  sequential,
} from '@elbo/networks';
import {
  aboutNetworks,
  chosenNetwork,
  count,
  defineRecipe,
  inwards,
  networkEntries,
  outwards,
  type Recipe,
} from '@elbo/recipes';
import * as v from 'valibot';
import { falling } from './falling.js';
import { aaeRegistry } from './registry.js';
import { semiSupervisedAae } from './semi_supervised.js';

/** Layers with their inputs normalised, in their stead convolutions, below them noise: few labels are soon learnt by heart otherwise. */
function noisy(
  { hidden, images }: { readonly hidden: readonly number[]; readonly images: Network | undefined },
  { noise, shift }: { readonly noise: number; readonly shift: number },
): Network {
  return sequential([
    ...(shift > 0 ? [randomShift({ by: shift })] : []),
    ...(images ? [] : [flatten()]),
    ...(noise > 0 ? [gaussianNoise({ sd: noise })] : []),
    ...(images
      ? [images]
      : hidden.flatMap((units) => [dense({ units, init: 'he' }), layerNorm(), activation('relu')])),
  ]);
}

/** The units of dense layers. */
const usual = [400, 400];

/** `elbo train aae-semi`: a class and a style, of data of which few rows are labelled. */
export const semiSupervisedAaeRecipe: Recipe = defineRecipe({
  name: 'aae-semi',
  summary: 'Semi-supervised adversarial autoencoder (Makhzani et al. 2015, §4)',
  options: {
    labels: 'how many rows keep their labels',
    share: 'the share of labelled rows in a minibatch, on the average',
    classes: 'how many classes there are; as the data say by default',
    style: 'dimension of the style',
    ...aboutNetworks,
    features: 'width of the discriminators',
    noise: 'standard deviation of the noise on what the encoder sees in training',
    shift: 'the most pixels by which images are moved for the encoder in training',
    classWeight: 'weight of the game on the class, after a rise over an eighth of the steps',
    styleWeight: 'weight of the game on the style',
    labelWeight: 'weight of the cross-entropy of labelled rows',
    consistencyWeight: 'weight of how far noise moves the class, after the same rise',
    learningRate: 'learning rate of encoder and decoder',
    discriminatorRate: 'learning rate of the discriminators',
  },
  schema: {
    labels: v.optional(count, 100),
    share: v.optional(v.pipe(v.number(), v.minValue(0), v.ltValue(1)), 0.25),
    classes: v.exactOptional(count),
    style: v.optional(count, 10),
    ...networkEntries,
    features: v.optional(count, 256),
    noise: v.optional(notNegative, 0.3),
    shift: v.optional(whole(0), 2),
    classWeight: v.optional(positive, 2),
    styleWeight: v.optional(positive, 10),
    labelWeight: v.optional(positive, 50),
    consistencyWeight: v.optional(notNegative, 50),
    learningRate: v.optional(positive, 1e-3),
    discriminatorRate: v.optional(positive, 1e-3),
  },
  registry: aaeRegistry,
  build: (data, options, { steps }) => {
    const { shape, classes: known } = data;
    const { labels, share, style, hidden = usual, features, noise } = options;
    const chosen = { usual, ...options };
    const isDense = chosenNetwork(data, options) === 'mlp';
    const images = isDense ? undefined : inwards(data, chosen).network;
    const classes = options.classes ?? known;
    if (classes === undefined)
      throw new ConfigError(
        "aae-semi: the data have no labels; take labelled data, such as 'strokes' or 'mnist'.",
      );
    // Only images can be moved by pixels.
    const shift = shape.length === 3 ? options.shift : 0;
    // A game on classes that the labels have not shaped yet draws all rows to one of them.
    const rising = (to: number): Schedule => linear({ to, steps: Math.ceil(steps / 8) });
    const discriminator = mlp({ hidden: [features, features], output: 1 });
    return {
      model: semiSupervisedAae({
        prior: productPrior({
          y: oneHotPrior(Array.from({ length: classes }, () => 1)),
          style: standardNormal(style),
        }),
        encoder: structuredEncoder({
          network: noisy({ hidden, images }, { noise, shift }),
          parts: {
            y: { kind: 'softmax', size: classes },
            style: { kind: 'point', size: style },
          },
        }),
        decoder: decoderFor({ ...data, network: outwards(data, chosen) }),
        discriminators: { y: discriminator, style: discriminator },
        weights: {
          y: rising(options.classWeight),
          style: options.styleWeight,
          classification: options.labelWeight,
          ...(options.consistencyWeight > 0 && { consistency: rising(options.consistencyWeight) }),
        },
      }),
      prepare: (data) => labelled(data, { count: labels, share }),
      training: {
        primal: falling(options.learningRate, steps).config,
        dual: falling(options.discriminatorRate, steps).config,
        ema: 0.999,
      },
    };
  },
});
