import { defineKind, expectGiven, type Kind } from '@elbo/core';
import { fold } from '@elbo/random';
import { concat, mean, reshape, type Tensor, type Tensor1D } from '@tensorflow/tfjs-core';
import * as v from 'valibot';
import {
  buildDataCritic,
  dataCritic,
  dataCriticEntries,
  type DataCriticOptions,
} from '../games/data_critic.js';
import { buildRules, rulesEntries, rulesOf, type RulesOptions } from '../games/options.js';
import { versus } from '../games/versus.js';
import type { Generated, Pass } from '../pass/pass.js';
import type { Ability } from '../pass/posterior.js';
import { term, termCategory, type Term } from './term.js';

/** What D tells from the data: means of p(x|z) at draws of the prior, at codes of the data, or both. */
export type Opponents = 'samples' | 'reconstructions' | 'both';

/** The options of `adversarialX`. */
export type AdversarialXOptions = RulesOptions &
  DataCriticOptions & {
    /** `samples` by default. */
    readonly against?: Opponents;
    /** Names the term's metrics and parameters. */
    readonly name?: string;
  };

/**
 * Draws what the decoder makes towards the data by a game (Goodfellow et al. 2014; against reconstructions too, Larsen
 * et al. 2016, eq. 7): D(x) scores data high and means of p(x|z) low. It trains the decoder only. With `conditional`, D
 * is a network of (x, c) and the game is one for each condition (Mirza & Osindero 2014, eq. 2).
 *
 * @throws ConfigError for rules that do not fit; at initialisation ShapeError where D needs a condition and there is none.
 */
export function adversarialX(
  options: AdversarialXOptions & { readonly against?: 'samples' },
): Term<never>;
export function adversarialX(options: AdversarialXOptions): Term<'posterior'>;
export function adversarialX(options: AdversarialXOptions): Term {
  expectGiven('adversarialX', options, 'discriminator');
  const { against = 'samples', name = 'adversarial-x' } = options;
  const { config, coupling, ...rules } = rulesOf(options, 'adversarialX');
  const critic = dataCritic(options, 'adversarialX');
  return term<Ability>({
    config: { kind: 'adversarial-x', ...critic.config, name, ...config, against },
    name,
    role: 'regulariser',
    needs: against === 'samples' ? [] : ['posterior'],
    updates: ['decoder'],
    onData: true,
    coupling,
    adversary: {
      parts: [critic],
      init: (key, x, _z, _prior, condition) => critic.init(key, x, condition),
    },
    evaluate: (pass, adversary) => {
      const key = fold(pass.key, name);
      const contest = versus({
        ...rules,
        name,
        critic: critic.scores(adversary, { training: pass.training, key }, pass),
        real: () => pass.x,
        fake: () => madeBy(pass, against),
        key,
      });
      return { ...contest, cost: () => ofRows(contest.cost(), pass.x.shape[0]) };
    },
  });
}

/** The mean cost of what was made for each row, `[B]`, of costs `[samples · B]`. */
function ofRows(cost: Tensor1D, rows: number): Tensor1D {
  return cost.shape[0] === rows ? cost : mean(reshape(cost, [-1, rows]), 0);
}

function madeBy(
  pass: Generated & Pick<Pass<'posterior'>, 'likelihood'>,
  against: Opponents,
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
    ...rulesEntries,
    ...dataCriticEntries,
    name: v.exactOptional(v.string()),
    against: v.optional(v.picklist(['samples', 'reconstructions', 'both']), 'samples'),
  },
  ({ against, name, ...options }, registry) =>
    adversarialX({
      ...buildRules(options, registry),
      ...buildDataCritic(options, registry),
      against,
      ...(name !== undefined && { name }),
    }),
);
