import { hasAdversary, type Model } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose, tidy, type Scalar } from '@tensorflow/tfjs-core';
import { averaged } from './average.js';
import type { GameRules } from './game_rules.js';
import type { Measured, OpenBatch } from './gradient_source.js';
import { makeMove, type Move, type Position } from './make_move.js';
import { disposeReplaced, type State } from './state.js';

/** The moves of an iteration; each player's optimiser counts that player's own steps. */
function movesOf(iteration: number, dual: boolean, rules: GameRules): readonly Move[] {
  const primalStep = Math.max(0, iteration - rules.warmUp);
  if (!dual) return [{ name: 'primal', primal: iteration }];
  const warming = iteration < rules.warmUp;
  if (rules.simultaneous && !warming)
    return [{ name: 'both', primal: primalStep, dual: iteration }];
  const each = rules.simultaneous ? 1 : rules.dualSteps;
  const duals = Array.from({ length: each }, (_, i) => ({
    name: `dual/${i}`,
    dual: iteration * each + i,
  }));
  return warming ? duals : [...duals, { name: 'primal', primal: primalStep }];
}

/**
 * One iteration: dual steps, then a primal step; or both from one pass. Consumes the tensors of `state` that it
 * replaces; what it returns is the caller's. No scope is open across an `await`.
 *
 * @param key Seeds this step's noise.
 * @throws CompositionError at the first step, when some parameters of a player are reached by no loss.
 */
export async function iterate(
  model: Model,
  state: State,
  batch: OpenBatch,
  key: Key,
  rules: GameRules,
): Promise<{ readonly state: State; readonly measured: Measured }> {
  let position: Position = { params: state.params, optimiser: state.optimiser };
  const made: Position[] = [];
  // Terms may have any name, so nothing is inherited.
  const measured = Object.create(null) as Record<string, Scalar>;
  try {
    for (const move of movesOf(state.step, hasAdversary(model), rules)) {
      const found = await batch.differentiate(
        position.params,
        { step: state.step, key: fold(key, move.name) },
        { primal: move.primal !== undefined, dual: move.dual !== undefined },
      );
      const result = makeMove(position, found, move, rules);
      position = result.position;
      made.push(position);
      for (const [name, value] of Object.entries(result.measured)) {
        measured[name]?.dispose();
        measured[name] = value;
      }
    }
    const { ema } = state;
    const next: State = {
      ...state,
      ...position,
      step: state.step + 1,
      ema: ema && tidy(() => averaged(ema, position.params.primal, rules.ema ?? 0, state.step)),
    };
    disposeReplaced([state, ...made.slice(0, -1)], next);
    return { state: next, measured };
  } catch (error) {
    dispose(Object.values(measured));
    disposeReplaced(made, state);
    throw error;
  }
}
