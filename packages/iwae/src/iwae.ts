import { expectGiven, defineKind, nested, priorCategory, type Kind, type Prior } from '@elbo/core';
import {
  compose,
  decoderCategory,
  encoderCategory,
  modelCategory,
  type Decoder,
  type Encoder,
  type Model,
  type Offering,
} from '@elbo/objectives';
import { iwaeBound, iwaeBoundEntries, type IwaeBoundOptions } from './iwae_bound.js';

/** The parts of an IWAE. */
export interface IwaeOptions extends IwaeBoundOptions {
  readonly prior: Prior;
  /** Any encoder with a density. */
  readonly encoder: Offering<'posterior' | 'logProb'>;
  readonly decoder: Decoder;
}

/**
 * An importance-weighted autoencoder (Burda, Grosse & Salakhutdinov 2015): a VAE that maximises the K-sample bound L_K.
 *
 * @throws CompositionError when the parts do not fit; ConfigError for options of the bound that do not.
 *
 * @example
 * ```ts
 * import { bernoulliDecoder, gaussianEncoder, iwae, mlp, standardNormal } from '@elbo/iwae';
 *
 * const model = iwae({
 *   prior: standardNormal(4),
 *   encoder: gaussianEncoder({ network: mlp({ hidden: [64] }), latent: 4 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   samples: 50,
 *   gradient: 'dreg',
 * });
 * console.log(model.terms.map(({ role }) => role)); // [ 'bound' ]
 * ```
 */
export function iwae(options: IwaeOptions): Model<'posterior' | 'logProb'> {
  expectGiven('iwae', options, 'prior', 'encoder', 'decoder', 'samples');
  const { prior, encoder, decoder, ...rest } = options;
  const bound = iwaeBound(rest);
  return compose({
    prior,
    encoder: encoder as Encoder<'posterior' | 'logProb'>,
    decoder,
    terms: [bound],
    config: {
      ...bound.config,
      kind: 'iwae',
      prior: prior.config,
      encoder: encoder.config,
      decoder: decoder.config,
    },
  });
}

/** The kind of `iwae`. */
export const iwaeKind: Kind<Model> = defineKind(
  'iwae',
  modelCategory,
  { prior: nested, encoder: nested, decoder: nested, ...iwaeBoundEntries },
  ({ prior, encoder, decoder, ...options }, registry) =>
    iwae({
      prior: registry.build(priorCategory, prior),
      // `compose` checks that it offers what the bound needs.
      encoder: registry.build(encoderCategory, encoder) as Encoder<'posterior' | 'logProb'>,
      decoder: registry.build(decoderCategory, decoder),
      ...options,
    }),
);
