import { leaves } from '@elbo/core';
import { hasAdversary, type Batch, type Model } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { dispose, keep, tidy, type Scalar, type TensorContainer } from '@tensorflow/tfjs-core';
import { averaged } from './average.js';
import { make, type Measured, type Move, type Position } from './move.js';
import { disposeReplaced, stateTree, type Optimisers, type State } from './state.js';

/** The rules of the game between the primal player (encoder, decoder) and the dual one (all adversaries). */
export interface Rules {
  readonly optimisers: Optimisers;
  /** Dual steps before each primal one, each with fresh noise on the same minibatch. */
  readonly dualSteps: number;
  /** Both players step from one shared pass. */
  readonly simultaneous: boolean;
  /** Iterations at the start in which only the dual player moves. */
  readonly warmUp: number;
  /** The decay of the moving average, if one is kept. */
  readonly ema: number | undefined;
  /** Prefixes of parameter paths that no loss need reach. */
  readonly frozen: readonly string[];
}

/** The moves of an iteration; each player's optimiser counts that player's own steps. */
function movesOf(iteration: number, dual: boolean, rules: Rules): readonly Move[] {
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
 * replaces; what it returns is the caller's. Synchronous, so that no scope is open across an `await`.
 *
 * @param key Seeds this step's noise.
 * @throws CompositionError at the first step, when some parameters of a player are reached by no loss.
 */
export function iterate(
  model: Model,
  state: State,
  batch: Batch,
  key: Key,
  rules: Rules,
): { readonly state: State; readonly measured: Measured } {
  // Metrics are read after the scope of the tape is gone; they are kept, and freed here when a move throws.
  const held: Scalar[] = [];
  try {
    const result = tidy(() => {
      let position: Position = { params: state.params, optimiser: state.optimiser };
      const measured: Record<string, Scalar> = {};
      for (const move of movesOf(state.step, hasAdversary(model), rules)) {
        const made = make(
          model,
          position,
          batch,
          { step: state.step, key: fold(key, move.name) },
          move,
          rules,
        );
        position = made.position;
        for (const [name, value] of Object.entries(made.measured)) {
          measured[name]?.dispose();
          measured[name] = value;
          held.push(value);
        }
      }
      const { params, optimiser } = position;
      const ema = state.ema && averaged(state.ema, params.primal, rules.ema ?? 0, state.step);
      const next: State = { ...state, step: state.step + 1, params, ema, optimiser };
      // A player that did not move keeps its tensors, which are not this scope's to free.
      for (const tensor of leaves(stateTree(next))) keep(tensor);
      return { state: next, measured } as unknown as TensorContainer;
    }) as unknown as { readonly state: State; readonly measured: Measured };
    disposeReplaced(stateTree(state), stateTree(result.state));
    return result;
  } catch (error) {
    dispose(held);
    throw error;
  }
}
