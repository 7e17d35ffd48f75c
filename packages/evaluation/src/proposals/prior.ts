import type { MakeProposal, Proposal } from './proposal.js';

/** The model's prior p(z), whatever the row. */
export const priorProposal: MakeProposal = (model, params, { x }): Proposal => ({
  sample: (key, samples) => model.priorOf(params).sample(key, samples * x.shape[0]),
  logProb: (z) => model.priorOf(params).logProb(z),
  dispose: () => undefined,
});
