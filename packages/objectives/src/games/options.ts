import {
  ConfigError,
  couplingOf,
  nested,
  networkCategory,
  type Coupled,
  type Json,
  type Network,
  type Registry,
} from '@elbo/core';
import * as v from 'valibot';
import { gameCategory, type Game } from './game.js';
import { nonSaturating } from './games.js';
import { penaltyCategory, type Penalty } from './penalties.js';
import type { Match } from './versus.js';

/** How an adversary plays. */
export interface RulesOptions {
  /** `nonSaturating()` by default. */
  readonly game?: Game;
  /** Costs on the critic's slope; none by default. */
  readonly penalties?: readonly Penalty[];
  /**
   * Keeps the players level: the critic rests while its accuracy on the minibatch is over this, and its opponent while
   * it is under one minus this (as in Larsen et al. 2016's code). Both always play by default.
   */
  readonly balance?: number;
}

/** What every adversarial term takes. */
export interface AdversarialOptions extends RulesOptions {
  /** Scores each row: `[B, 1]`. */
  readonly discriminator: Network;
  /** Names the term's metrics and parameters. */
  readonly name?: string;
}

/** The rules of a match, and the part of a config that says them. */
export interface MatchRules extends Coupled, Pick<Match, 'game' | 'penalties' | 'balance'> {
  readonly config: Readonly<Record<string, Json>>;
}

/**
 * The rules with their defaults.
 *
 * @throws ConfigError that names `where` for a balance outside (½, 1], or of a game without an accuracy.
 */
export function rulesOf(
  { game = nonSaturating(), penalties = [], balance }: RulesOptions,
  where: string,
): MatchRules {
  if (balance !== undefined && !(balance > 0.5 && balance <= 1))
    throw new ConfigError(`${where}: 'balance' must be over 0.5 and at most 1, not ${balance}.`);
  if (balance !== undefined && !game.accuracy)
    throw new ConfigError(
      `${where}: 'balance' needs the critic's accuracy, and the game '${game.config.kind}' has none; leave it out.`,
    );
  return {
    game,
    penalties,
    balance,
    config: {
      game: game.config,
      penalties: penalties.map((penalty) => penalty.config),
      ...(balance !== undefined && { balance }),
    },
    // Who rests is decided by the minibatch as a whole.
    ...couplingOf(game, ...penalties, balance === undefined ? {} : { coupling: { least: 1 } }),
  };
}

/** The schemas of rules. */
export const rulesEntries: {
  readonly game: v.ExactOptionalSchema<typeof nested, undefined>;
  readonly penalties: v.ExactOptionalSchema<v.ArraySchema<typeof nested, undefined>, undefined>;
  readonly balance: v.ExactOptionalSchema<v.NumberSchema<undefined>, undefined>;
} = {
  game: v.exactOptional(nested),
  penalties: v.exactOptional(v.array(nested)),
  balance: v.exactOptional(v.number()),
};

/** The schemas of what every adversarial term takes. */
export const adversarialEntries: typeof rulesEntries & {
  readonly discriminator: typeof nested;
  readonly name: v.ExactOptionalSchema<v.StringSchema<undefined>, undefined>;
} = { ...rulesEntries, discriminator: nested, name: v.exactOptional(v.string()) };

type GivenRules = v.InferOutput<v.ObjectSchema<typeof rulesEntries, undefined>>;
type Given = v.InferOutput<v.ObjectSchema<typeof adversarialEntries, undefined>>;

/** Rules as their options say, built from a config. */
export function buildRules(
  { game, penalties, balance }: GivenRules,
  registry: Registry,
): RulesOptions {
  return {
    ...(game && { game: registry.build(gameCategory, game) }),
    ...(penalties && {
      penalties: penalties.map((config) => registry.build(penaltyCategory, config)),
    }),
    ...(balance !== undefined && { balance }),
  };
}

/** The options of every adversarial term, built from a config. */
export function buildAdversarial(
  { discriminator, name, ...rules }: Given,
  registry: Registry,
): AdversarialOptions {
  return {
    ...buildRules(rules, registry),
    discriminator: registry.build(networkCategory, discriminator),
    ...(name !== undefined && { name }),
  };
}
