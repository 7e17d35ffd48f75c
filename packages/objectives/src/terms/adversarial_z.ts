import { defineKind, expectGiven, namedSlice, sliceOf, type Kind } from '@elbo/core';
import { fold } from '@elbo/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import {
  adversarialEntries,
  buildAdversarial,
  rulesOf,
  type AdversarialOptions,
} from '../games/options.js';
import { versus } from '../games/versus.js';
import { term, termCategory, type Term } from './term.js';

/** The options of `adversarialZ`. */
export interface AdversarialZOptions extends AdversarialOptions {
  /** The named part of a structured z that is compared; all of it by default. */
  readonly part?: string;
}

/**
 * Draws the aggregate posterior q(z) = E q(z|x) towards the prior by a game (Makhzani et al. 2015, §2): D(z) scores
 * draws of the prior high and codes of data low, and the encoder moves its codes to where D scores high. Its cost is no
 * divergence in nats, and reaches the encoder only, by way of z.
 *
 * @throws ConfigError for rules that do not fit, and in use for a part that the prior does not have.
 */
export function adversarialZ(options: AdversarialZOptions): Term<'posterior'> {
  expectGiven('adversarialZ', options, 'discriminator');
  const { discriminator, part, name = 'adversarial-z' } = options;
  const { config, coupling, ...rules } = rulesOf(options, 'adversarialZ');
  return term({
    config: {
      kind: 'adversarial-z',
      discriminator: discriminator.config,
      name,
      ...config,
      ...(part !== undefined && { part }),
    },
    name,
    role: 'regulariser',
    needs: ['posterior'],
    coupling,
    adversary: {
      parts: [discriminator],
      init: (key, _x, z, prior) =>
        discriminator.init(key, part === undefined ? z : [namedSlice(prior, part).size]).params,
    },
    evaluate: (pass, adversary) => {
      const key = fold(pass.key, name);
      const mode = { training: pass.training, key };
      const of = (z: Tensor2D): Tensor2D => (part === undefined ? z : sliceOf(pass.prior, z, part));
      return versus({
        ...rules,
        name,
        critic: (z) => discriminator.apply(adversary, mode, z),
        real: () => of(pass.zPrior),
        fake: () => of(pass.z),
        key,
      });
    },
  });
}

/** The kind of `adversarialZ`. */
export const adversarialZKind: Kind<Term> = defineKind(
  'adversarial-z',
  termCategory,
  { ...adversarialEntries, part: v.exactOptional(v.string()) },
  ({ part, ...options }, registry) =>
    adversarialZ({
      ...buildAdversarial(options, registry),
      ...(part !== undefined && { part }),
    }),
);
