import { scope } from '@elbo/gradients';
import type { Batch, LogProb, Model, Primal, Sampled } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import type { Proposal } from './proposal.js';

/** The model's own explicit posterior. */
export function posteriorProposal(model: Model, params: Primal, batch: Batch, key: Key): Proposal {
  const forward = model.forward(params, batch, { step: 0, key, training: false });
  // The pass keeps what the posterior holds; the scope frees what making it left over.
  const posterior = scope(() => forward.pass.posterior as Sampled & LogProb);
  return {
    sample: posterior.sample,
    logProb: posterior.logProb,
    dispose: () => {
      forward.dispose();
    },
  };
}
