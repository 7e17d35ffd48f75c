import type { Model } from '@elbo/objectives';
import { normalProposal, type NormalProposalOptions } from './normal.js';
import { posteriorProposal } from './posterior.js';
import type { MakeProposal } from './proposal.js';

/**
 * A proposal by name, or one's own: `posterior`, the model's own explicit one; `normal`, a widened normal with the
 * posterior's moments.
 */
export type ProposalChoice = 'posterior' | 'normal' | MakeProposal;

/** What makes the proposals that the options name: by default the posterior where it has a density, else the normal. */
export function proposalMaker(
  model: Model,
  options: { readonly proposal?: ProposalChoice } & NormalProposalOptions,
): MakeProposal {
  const { proposal = model.encoder?.offers.includes('logProb') ? 'posterior' : 'normal' } = options;
  if (typeof proposal === 'function') return proposal;
  return proposal === 'posterior' ? posteriorProposal : (...to) => normalProposal(...to, options);
}
