import type { Optimisers } from './state.js';

/** The rules of the game between the primal player (encoder, decoder) and the dual one (all adversaries). */
export interface GameRules {
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
