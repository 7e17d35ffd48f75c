import type { Batch, Model, Primal } from '@elbo/objectives';
import type { MakeProposal } from '../proposals/proposal.js';
import { fold, type Key } from '@elbo/random';
import type { Tensor2D } from '@tensorflow/tfjs-core';
import { rowsFound, stride } from './leg.js';
import type { AnnealingOptions } from './options.js';
import { pathOf } from './path.js';
import type { AnnealedRow, AnnealingState, Leg } from './state.js';

/** Rows that are annealed together. */
export interface Block {
  readonly model: Model;
  readonly params: Primal;
  readonly batch: Batch;
  /** Exact draws from the posterior of each row, `[B, Z]`. */
  readonly exact: Tensor2D | undefined;
  readonly key: Key;
}

/** Where its chains go. */
interface Route {
  readonly legs: readonly Leg[];
  readonly betas: Float64Array;
  readonly makeProposal: MakeProposal;
}

/** The pilot only finds out how far to step. */
const pilotChains = 2;

/** Walks the legs that are left with the chains of a block. */
export async function walkBlock(
  { model, params, batch, exact, key }: Block,
  { legs, betas, makeProposal }: Route,
  before: AnnealingState,
  { signal, onState, onProgress }: AnnealingOptions,
): Promise<AnnealingState> {
  const { temperatures, leapfrogs, rows: total } = before.plan;
  const rows = batch.x.shape[0];
  const proposal = await makeProposal(model, params, batch, fold(key, 'proposal'));
  let state = before;
  try {
    for (const leg of legs.slice(state.leg)) {
      const chains = leg === 'pilot' ? pilotChains : state.plan.chains;
      const path = pathOf(model, params, batch, { proposal, chains, key });
      const walk = { leg, path, betas, exact, rows, leapfrogs, key };
      try {
        while (state.chains?.passed !== temperatures) {
          signal?.throwIfAborted();
          const { chains: walking } = (state = await stride(walk, state));
          onState?.(state);
          const walked = (state.leg + walking.passed / temperatures) / legs.length;
          onProgress?.((state.begin + rows * walked) / total);
        }
      } finally {
        path.dispose();
      }
      state = withFound(state, leg, rowsFound(state.chains, rows));
    }
  } finally {
    proposal.dispose();
  }
  return state;
}

/** At the start of the next leg. */
function withFound(
  { plan, begin, leg, stepSizes, found }: AnnealingState,
  name: Leg,
  rows: readonly AnnealedRow[],
): AnnealingState {
  const all = { ...found, [name]: [...(found[name] ?? []), ...rows] };
  return { plan, begin, leg: leg + 1, stepSizes, found: all };
}
