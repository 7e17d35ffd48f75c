import { CompositionError, expectBackend, expectGiven, type Config, type Prior } from '@elbo/core';
import { fold } from '@elbo/random';
import { checkedDecoder, checkedEncoder, checkedPrior } from '../checks/checked_parts.js';
import { forwardPass } from '../pass/forward_pass.js';
import type { Ability } from '../pass/posterior.js';
import { isLearned } from '../priors/learned_prior.js';
import type { Term } from '../terms/term.js';
import { withCouplings } from './coupling.js';
import type { AnyEncoder, Decoder, Encoder } from './encoder_decoder.js';
import type { Model } from './model.js';
import { modelFunctions } from './model_functions.js';

/** What a model is composed of. */
export interface Parts<A extends Ability> {
  readonly prior: Prior;
  /** A model without one (a GAN) has terms that need no posterior. */
  readonly encoder?: Encoder<A>;
  readonly decoder: Decoder;
  /** Exactly one reconstruction or one bound, or, in a model that has neither, an adversary. */
  readonly terms: readonly Term<NoInfer<A>>[];
  /** What `config` says instead of listing the parts: a named composition's own kind and options. */
  readonly config?: Config;
}

/**
 * A model from its parts. The compiler checks that the encoder offers what every term needs; a model that comes from a
 * file is checked here.
 *
 * @throws CompositionError that says which parts do not make one objective, and why.
 *
 * @example
 * ```ts
 * import { cyclical, standardNormal } from '@elbo/core';
 * import { bernoulliDecoder } from '@elbo/decoders';
 * import { gaussianEncoder } from '@elbo/encoders';
 * import { mlp } from '@elbo/networks';
 * import { compose, kl, reconstruction, weight } from '@elbo/objectives';
 *
 * const model = compose({
 *   prior: standardNormal(8),
 *   encoder: gaussianEncoder({ latent: 8 }),
 *   decoder: bernoulliDecoder({ network: mlp({ hidden: [64] }), shape: [28, 28, 1] }),
 *   terms: [reconstruction(), weight(kl(), cyclical({ period: 5000 }))],
 * });
 * console.log(model.terms.map(({ name }) => name), model.offers); // [ 'reconstruction', 'kl' ] [ 'posterior', 'logProb', 'moments' ]
 * ```
 */
export function compose<A extends Ability = never>(parts: Parts<A>): Model<A> {
  expectGiven('compose', parts, 'prior', 'decoder', 'terms');
  checkTerms(parts.terms, parts.encoder);
  return assembled(parts);
}

/** The same of terms that were checked before, or of none. */
export function assembled<A extends Ability = never>(parts: Parts<A>): Model<A> {
  const prior = checkedPrior(parts.prior);
  const encoder = parts.encoder && checkedEncoder(parts.encoder);
  const decoder = checkedDecoder(parts.decoder);
  const terms = withCouplings(parts.terms, parts);
  if (isLearned(prior)) checkNeeds(`prior '${prior.config.kind}'`, prior.needs, encoder);
  if (encoder && encoder.latent !== prior.dim)
    throw new CompositionError(
      `The encoder makes z of dimension ${encoder.latent} and the prior is over ${prior.dim} dimensions: make them equal.`,
    );
  const model: Model<A> = {
    config: parts.config ?? {
      kind: 'composed',
      prior: prior.config,
      ...(encoder && { encoder: encoder.config }),
      decoder: decoder.config,
      terms: terms.map((term) => term.config),
    },
    offers: encoder?.offers ?? [],
    prior,
    encoder,
    decoder,
    terms,
    init: (key, x, condition) => {
      expectBackend('model.init');
      return {
        primal: {
          ...(encoder && { encoder: encoder.init(fold(key, 'encoder'), x, condition) }),
          decoder: decoder.init(fold(key, 'decoder'), prior.dim, x, condition),
          ...(isLearned(prior) && { prior: prior.init(fold(key, 'prior'), x, condition) }),
        },
        dual: Object.fromEntries(
          terms.flatMap(({ name, adversary }) =>
            adversary
              ? [
                  [
                    name,
                    adversary.init(
                      fold(key, `adversary/${name}`),
                      x,
                      [prior.dim],
                      prior,
                      condition,
                    ),
                  ],
                ]
              : [],
          ),
        ),
      };
    },
    forward: (params, batch, moment) => {
      expectBackend('A pass');
      return forwardPass({ prior, encoder, decoder }, params, batch, moment);
    },
    ...modelFunctions(() => model),
  };
  return model;
}

function checkNeeds(
  what: string,
  needs: readonly Ability[],
  encoder: AnyEncoder | undefined,
): void {
  const missing = needs.filter((ability) => !encoder?.offers.includes(ability));
  if (missing.length === 0) return;
  const has = encoder
    ? `the encoder '${encoder.config.kind}' offers ${encoder.offers.join(', ')}`
    : 'there is no encoder';
  throw new CompositionError(`The ${what} needs ${missing.join(' and ')}, but ${has}.`);
}

function checkTerms(terms: readonly Term[], encoder: AnyEncoder | undefined): void {
  const names = terms.map((term) => term.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new CompositionError(
      `Two terms are named '${twice}': give one of them another \`name\`.`,
    );

  for (const { name, needs } of terms) checkNeeds(`term '${name}'`, needs, encoder);

  for (const { name, adversaryOf } of terms)
    if (adversaryOf !== undefined && !terms.some((t) => t.name === adversaryOf && t.adversary))
      throw new CompositionError(
        `The term '${name}' reads the adversary of '${adversaryOf}', but no term of that name has one.`,
      );

  const of = (role: Term['role']): readonly string[] =>
    terms.filter((term) => term.role === role).map((term) => term.name);
  const centres = [...of('reconstruction'), ...of('bound')];
  if (centres.length > 1)
    throw new CompositionError(
      `An objective has one reconstruction or one bound; this one has ${centres.join(' and ')}.`,
    );
  if (of('bound').length > 0 && of('divergence').length > 0)
    throw new CompositionError(
      `The bound '${of('bound')[0]!}' includes its own divergence; '${of('divergence')[0]!}' would count it twice.`,
    );
  if (centres.length === 0 && !terms.some((term) => term.onData))
    throw new CompositionError(
      'Nothing ties this model to the data: add a reconstruction, a bound, or an adversary on x.',
    );
}
