import { ConfigError } from '@elbo/core';
import { type Batch, type Model, type Primal } from '@elbo/objectives';
import { usualChunk } from '../at_once.js';
import { proposalMaker } from '../proposals/choice.js';
import { sliceRows } from '../likelihood/slice_rows.js';
import { fold } from '@elbo/random';
import { dispose, slice, type Tensor2D } from '@tensorflow/tfjs-core';
import { priorProposal } from '../proposals/prior.js';
import { walkBlock } from './block.js';
import type { AnnealingOptions } from './options.js';
import { sigmoidSchedule } from './schedule.js';
import { beforeBlock, type AnnealingState, type Leg, type Plan } from './state.js';

/**
 * Walks the legs in turn, with a block of rows after the other.
 *
 * Step sizes are found in a pilot and then held fixed: a transition that adapted to its own chain would leave no
 * distribution unchanged, and what is found would be no bound.
 *
 * @param exact Exact draws from the posterior of each row, `[B, Z]`, for a backward leg.
 * @throws ConfigError for counts that are none, or a state to go on from that was made with others.
 */
export async function anneal(
  model: Model,
  params: Primal,
  batch: Batch,
  weighing: readonly Exclude<Leg, 'pilot'>[],
  options: AnnealingOptions,
  exact?: Tensor2D,
): Promise<AnnealingState['found']> {
  const { chains = 16, temperatures = 500, leapfrogs = 10, from } = options;
  const { chunk = usualChunk(batch, 1000) } = options;
  const plan = { rows: batch.x.shape[0], chains, temperatures, leapfrogs, chunk };
  const { start = priorProposal, key } = options;
  expectPlan(plan, from?.plan);
  const betas = sigmoidSchedule(temperatures);
  const makeProposal = proposalMaker(model, { proposal: start });
  const legs: readonly Leg[] = ['pilot', ...weighing];
  const atOnce = Math.max(1, Math.floor(chunk / chains));

  let state = from ?? beforeBlock(plan, 0, {});
  while (state.begin < plan.rows) {
    const { begin } = state;
    const rows = Math.min(atOnce, plan.rows - begin);
    const part = sliceRows(batch, begin, rows);
    const draws = exact && slice(exact, [begin, 0], [rows, exact.shape[1]]);
    try {
      const block = { model, params, batch: part, exact: draws, key: fold(key, begin) };
      const { found } = await walkBlock(block, { legs, betas, makeProposal }, state, options);
      state = beforeBlock(plan, begin + rows, found);
    } finally {
      draws?.dispose();
      dispose(Object.values(part));
    }
  }
  return state.found;
}

function expectPlan(plan: Plan, before: Plan = plan): void {
  for (const name of Object.keys(plan) as (keyof Plan)[]) {
    if (!Number.isInteger(plan[name]) || plan[name] < 1)
      throw new ConfigError(`AIS: '${name}' must be a whole number from 1, not ${plan[name]}.`);
    if (plan[name] !== before[name])
      throw new ConfigError(
        `AIS: 'from' was made with '${name}' ${before[name]}, and not ${plan[name]}; go on with the same rows and options.`,
      );
  }
}
