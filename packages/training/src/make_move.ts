import { CompositionError, disposeTree, leaves } from '@elbo/core';
import { scope } from '@elbo/gradients';
import { squaredNorm } from '@elbo/ops';
import { dispose, keep, sqrt, type Scalar } from '@tensorflow/tfjs-core';
import type { GameRules } from './game_rules.js';
import type { Measured, MoveGradients, PlayerGradients } from './gradient_source.js';
import type { State } from './state.js';

/** Who moves, and the number of steps that each player's optimiser has made before. */
export interface Move {
  readonly name: string;
  readonly primal?: number;
  readonly dual?: number;
}

/** What a move changes. */
export type Position = Pick<State, 'params' | 'optimiser'>;

/**
 * One move: the steps of the optimisers of the players that move, by their gradients, which are consumed. What it
 * returns is the caller's; a player that does not move keeps its tensors.
 */
export function makeMove(
  { params, optimiser }: Position,
  found: MoveGradients,
  move: Move,
  rules: GameRules,
): { readonly position: Position; readonly measured: Measured } {
  const measured: Record<string, Scalar> = { ...found.measured };
  try {
    for (const player of ['dual', 'primal'] as const)
      if (move[player] === 0) checkReached(player, found[player]!, rules.frozen);
    return scope(() => {
      let position: Position = { params, optimiser };
      for (const player of ['dual', 'primal'] as const) {
        const at = move[player];
        const gradients = found[player]?.gradients ?? {};
        // A player may have nothing to learn: a decoder that is given, a discriminator in closed form.
        if (at === undefined || leaves(gradients).length === 0) continue;
        measured[`gradient/${player}`] = keep(sqrt(squaredNorm(leaves(gradients))));
        const next = rules.optimisers[player].step(
          gradients,
          optimiser[player],
          params[player],
          at,
        );
        position = {
          params: { ...position.params, [player]: next.params },
          optimiser: { ...position.optimiser, [player]: next.state },
        };
      }
      return { position, measured };
    });
  } catch (error) {
    dispose(Object.values(measured));
    throw error;
  } finally {
    disposeGradients(found);
  }
}

function disposeGradients({ primal, dual }: MoveGradients): void {
  for (const player of [primal, dual]) if (player) disposeTree(player.gradients);
}

/** Fails at a player's first move when a parameter of it is reached by no loss. */
function checkReached(
  player: 'primal' | 'dual',
  { unreached }: PlayerGradients,
  frozen: readonly string[],
): void {
  const missed = unreached.filter((path) => !frozen.some((prefix) => path.startsWith(prefix)));
  if (missed.length === 0) return;
  throw new CompositionError(
    `No loss of the ${player} player reaches ${missed.join(', ')}: they would never be trained. Use them in a term, or list them as frozen.`,
  );
}
