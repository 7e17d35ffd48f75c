import { repeatBatch } from '@elbo/core';
import { LogSum } from '../likelihood/log_sum.js';
import { fold, type Key } from '@elbo/random';
import { tidy, type Tensor2D } from '@tensorflow/tfjs-core';
import { chainsAt, moved, weighed, type Chains } from './chains.js';
import type { Path } from './path.js';
import type { AnnealedRow, AnnealingState, Leg } from './state.js';
import { firstStepSizes, nextStepSizes } from './step_sizes.js';

/** A leg to walk with the chains of a block of rows. */
export interface Walk {
  readonly leg: Leg;
  readonly path: Path;
  /** 0 = β₀ < … < β_T = 1. */
  readonly betas: Float64Array;
  /** Exact draws from the posterior of each row, `[B, Z]`, where a backward leg begins. */
  readonly exact: Tensor2D | undefined;
  readonly rows: number;
  readonly leapfrogs: number;
  readonly key: Key;
}

/**
 * Walks on by one temperature. Forward, chains begin with draws from r and end next to the posterior; backward, they
 * begin with exact draws from it and take the same path in reverse, as every transition is reversible.
 */
export async function stride(
  walk: Walk,
  state: AnnealingState,
): Promise<AnnealingState & { readonly chains: Chains }> {
  const { leg, path, betas, rows, leapfrogs } = walk;
  const key = fold(walk.key, leg);
  const last = betas.length - 1;
  const before = state.chains ?? (await chainsAt(path, startOf(walk, fold(key, 'start'))));
  const backward = leg === 'backward';
  const upper = backward ? last - before.passed : before.passed + 1;
  const chains = weighed(before, (backward ? -1 : 1) * (betas[upper]! - betas[upper - 1]!));
  if (chains.passed === last) return { ...state, chains };

  const at = backward ? upper - 1 : upper;
  const ofRows = state.stepSizes[at - 1] ?? firstStepSizes(rows);
  const transition = {
    beta: betas[at]!,
    stepSizes: Array.from({ length: path.count }, (_, chain) => ofRows[chain % rows]!),
    leapfrogs,
    key: fold(key, at),
  };
  const { chains: after, probabilities } = await moved(path, chains, transition);
  if (leg !== 'pilot') return { ...state, chains: after };
  const stepSizes = state.stepSizes.length === 0 ? [ofRows] : state.stepSizes;
  return {
    ...state,
    chains: after,
    stepSizes: [...stepSizes, nextStepSizes(ofRows, probabilities)],
  };
}

function startOf({ leg, path, exact, rows }: Walk, key: Key): Tensor2D {
  return tidy(() =>
    leg === 'backward' && exact ? repeatBatch(exact, path.count / rows) : path.sample(key),
  );
}

/** What a leg that has come to its end found of each of its rows. */
export function rowsFound(chains: Chains, rows: number): readonly AnnealedRow[] {
  const each = chains.logWeights.length / rows;
  const transitions = Math.max(1, chains.passed - 1);
  return Array.from({ length: rows }, (_, row) => {
    const sum = new LogSum();
    let accepted = 0;
    for (let chain = row; chain < chains.logWeights.length; chain += rows) {
      sum.add(chains.logWeights[chain]!);
      accepted += chains.acceptance[chain]!;
    }
    return {
      logMean: sum.logMean(each),
      effectiveChains: sum.effectiveSize(),
      acceptance: accepted / (each * transitions),
    };
  });
}
