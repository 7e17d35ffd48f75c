import {
  expectGiven,
  defineKind,
  nested,
  pairNetworkCategory,
  priorCategory,
  type Kind,
  type Network,
  type Prior,
} from '@elbo/core';
import {
  buildRules,
  compose,
  decoderCategory,
  encoderCategory,
  modelCategory,
  rulesEntries,
  rulesOf,
  type Decoder,
  type Encoder,
  type Model,
  type Offering,
  type RulesOptions,
} from '@elbo/objectives';
import type { Tensor } from '@tensorflow/tfjs-core';
import { adversarialPair } from './adversarial_pair.js';

/** The parts of a BiGAN, and the rules of its game. */
export interface BiganOptions extends RulesOptions {
  readonly prior: Prior;
  /** Any encoder: draws of z are all that is read. */
  readonly encoder: Offering<'posterior'>;
  /** The generator G: its samples are the means of p(x|z). */
  readonly decoder: Decoder;
  /** D(x, z). */
  readonly discriminator: Network<[Tensor, Tensor]>;
}

/**
 * A bidirectional GAN (Donahue, Krähenbühl & Darrell 2017), or adversarially learned inference (Dumoulin et al. 2017): an
 * encoder and a generator that are trained by one game over pairs (x, z), without a reconstruction.
 *
 * @throws CompositionError when the parts do not fit, ConfigError for rules that do not.
 */
export function bigan(options: BiganOptions): Model<'posterior'> {
  expectGiven('bigan', options, 'prior', 'encoder', 'decoder', 'discriminator');
  const { prior, encoder, decoder, discriminator } = options;
  return compose({
    prior,
    encoder: encoder as Encoder<'posterior'>,
    decoder,
    terms: [adversarialPair(options)],
    config: {
      kind: 'bigan',
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
      discriminator: discriminator.config,
      ...rulesOf(options, 'bigan').config,
    },
  });
}

/** The kind of `bigan`. */
export const biganKind: Kind<Model> = defineKind(
  'bigan',
  modelCategory,
  { prior: nested, encoder: nested, decoder: nested, discriminator: nested, ...rulesEntries },
  ({ prior, encoder, decoder, discriminator, ...rules }, registry) =>
    bigan({
      prior: registry.build(priorCategory, prior),
      encoder: registry.build(encoderCategory, encoder),
      decoder: registry.build(decoderCategory, decoder),
      discriminator: registry.build(pairNetworkCategory, discriminator),
      ...buildRules(rules, registry),
    }),
);
