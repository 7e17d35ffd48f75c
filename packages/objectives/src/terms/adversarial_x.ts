import { defineKind, type Kind } from '@elbo/core';
import { fold } from '@elbo/random';
import { concat, type Tensor } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import {
  adversarialEntries,
  buildAdversarial,
  rulesOf,
  type AdversarialOptions,
} from '../games/options.js';
import { versus } from '../games/versus.js';
import type { Generated, Pass } from '../pass.js';
import type { Ability } from '../posterior.js';
import { term, termCategory, type Term } from '../term.js';

/** The options of `adversarialX`. */
export interface AdversarialXOptions extends AdversarialOptions {
  /**
   * What D tells from the data: means of p(x|z) at draws of the prior (`samples`, the default), at codes of the data
   * (`reconstructions`), or both.
   */
  readonly against?: 'samples' | 'reconstructions' | 'both';
}

/**
 * Draws what the decoder makes towards the data by a game (Goodfellow et al. 2014; against reconstructions too, Larsen
 * et al. 2016, eq. 7): D(x) scores data high and means of p(x|z) low. It trains the decoder only.
 *
 * @throws ConfigError for rules that do not fit.
 */
export function adversarialX(
  options: AdversarialXOptions & { readonly against?: 'samples' },
): Term<never>;
export function adversarialX(options: AdversarialXOptions): Term<'posterior'>;
export function adversarialX(options: AdversarialXOptions): Term {
  const { discriminator, against = 'samples', name = 'adversarial-x' } = options;
  const { config, ...rules } = rulesOf(options, 'adversarialX');
  return term<Ability>({
    config: {
      kind: 'adversarial-x',
      discriminator: discriminator.config,
      name,
      ...config,
      against,
    },
    name,
    role: 'regulariser',
    needs: against === 'samples' ? [] : ['posterior'],
    updates: ['decoder'],
    onData: true,
    coupled: rules.balance !== undefined,
    adversary: { init: (key, x) => discriminator.init(key, x).params },
    play: (pass, adversary) => {
      const key = fold(pass.key, name);
      const mode = { training: pass.training, key };
      return versus({
        ...rules,
        critic: (x) => discriminator.apply(adversary, mode, x),
        real: () => pass.x,
        fake: () => madeBy(pass, against),
        key,
      });
    },
  });
}

function madeBy(
  pass: Generated & Pick<Pass<'posterior'>, 'likelihood'>,
  against: NonNullable<AdversarialXOptions['against']>,
): Tensor {
  switch (against) {
    case 'samples':
      return pass.generated.mean();
    case 'reconstructions':
      return pass.likelihood.mean();
    case 'both':
      return concat([pass.generated.mean(), pass.likelihood.mean()], 0);
  }
}

/** The kind of `adversarialX`. */
export const adversarialXKind: Kind<Term> = defineKind(
  'adversarial-x',
  termCategory,
  {
    ...adversarialEntries,
    against: v.optional(v.picklist(['samples', 'reconstructions', 'both']), 'samples'),
  },
  ({ against, ...options }, registry) =>
    adversarialX({ ...buildAdversarial(options, registry), against }),
);
