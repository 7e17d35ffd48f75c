import { ConfigError } from '@elbo/core';
import {
  proposalMaker,
  sliceRows,
  type Batch,
  type Model,
  type Primal,
  type Proposal,
} from '@elbo/objectives';
import { fold } from '@elbo/random';
import { dispose, slice, type Tensor2D } from '@tensorflow/tfjs-core';
import { priorProposal } from '../likelihood/proposals.js';
import { rowsFound, stride } from './leg.js';
import type { AnnealingOptions } from './options.js';
import { pathOf } from './path.js';
import { sigmoidSchedule } from './schedule.js';
import { beginning, type AnnealedRow, type AnnealingState, type Leg } from './state.js';

/** The pilot only finds out how far to step. */
const pilotChains = 2;

/**
 * Walks the legs in turn, with a block of rows after the other.
 *
 * Step sizes are found in a pilot and then held fixed: a transition that adapted to its own chain would leave no
 * distribution unchanged, and what is found would be no bound.
 *
 * @param exact Exact draws from the posterior of each row, `[B, Z]`, for a backward leg.
 * @throws ConfigError for counts that are none.
 */
export async function anneal(
  model: Model,
  params: Primal,
  batch: Batch,
  weighing: readonly Exclude<Leg, 'pilot'>[],
  options: AnnealingOptions,
  exact?: Tensor2D,
): Promise<AnnealingState['found']> {
  const { chains = 16, temperatures = 500, leapfrogs = 10, chunk = 1000 } = options;
  for (const [name, count] of Object.entries({ chains, leapfrogs, chunk }))
    if (!Number.isInteger(count) || count < 1)
      throw new ConfigError(`AIS: '${name}' must be a whole number from 1, not ${count}.`);
  const betas = sigmoidSchedule(temperatures);
  const start = proposalMaker(model, { proposal: options.start ?? priorProposal });
  const legs: readonly Leg[] = ['pilot', ...weighing];
  const total = batch.x.shape[0];
  const atOnce = Math.max(1, Math.floor(chunk / chains));

  let state = options.from ?? beginning;
  while (state.begin < total) {
    const { begin } = state;
    const rows = Math.min(atOnce, total - begin);
    const key = fold(options.key, begin);
    const part = sliceRows(batch, begin, rows);
    const ofRows = exact && slice(exact, [begin, 0], [rows, exact.shape[1]]);
    let proposal: Proposal | undefined;
    try {
      proposal = await start(model, params, part, fold(key, 'proposal'));
      for (const leg of legs.slice(state.leg)) {
        const count = leg === 'pilot' ? pilotChains : chains;
        const path = pathOf(model, params, part, { proposal, chains: count, key });
        const walk = { leg, path, betas, exact: ofRows, rows, leapfrogs, key };
        try {
          while (state.chains?.passed !== temperatures) {
            options.signal?.throwIfAborted();
            state = await stride(walk, state);
            options.onState?.(state);
            const walked = state.leg + (state.chains?.passed ?? 0) / temperatures;
            options.onProgress?.((begin + (rows * walked) / legs.length) / total);
          }
        } finally {
          path.dispose();
        }
        state = withFound(state, leg, rowsFound(state.chains, rows));
      }
    } finally {
      proposal?.dispose();
      ofRows?.dispose();
      dispose(Object.values(part));
    }
    state = { ...beginning, begin: begin + rows, found: state.found };
  }
  return state.found;
}

/** At the start of the next leg. */
function withFound(
  { begin, leg, stepSizes, found }: AnnealingState,
  name: Leg,
  rows: readonly AnnealedRow[],
): AnnealingState {
  const all = { ...found, [name]: [...(found[name] ?? []), ...rows] };
  return { begin, leg: leg + 1, stepSizes, found: all };
}
