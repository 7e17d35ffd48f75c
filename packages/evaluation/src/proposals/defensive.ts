import { ConfigError } from '@elbo/core';
import { logSumExp, randomUniform } from '@elbo/ops';
import { fold } from '@elbo/random';
import { add, less, stack, where, type Rank, type Tensor1D } from '@tensorflow/tfjs-core';
import { proposalMaker, type ProposalChoice } from './choice.js';
import { priorProposal } from './prior.js';
import type { MakeProposal } from './proposal.js';

/**
 * A mixture of a proposal with the prior, (1 − α) r(z|x) + α p(z) (Hesterberg 1995): where r is too narrow its weights
 * have an infinite variance, and with the mixture they never exceed p(x|z)/α. So a posterior that leaves out a part of
 * the truth shows in the effective sample size, and does not go unseen.
 *
 * @param share α, of the draws that come from the prior.
 * @param base The other proposal; by default as `logLikelihood` chooses it.
 * @throws ConfigError unless 0 < share < 1.
 */
export function defensive(share = 0.1, base?: ProposalChoice): MakeProposal {
  if (!(share > 0 && share < 1))
    throw new ConfigError(`defensive: 'share' must lie between 0 and 1, not ${share}.`);
  return async (model, params, batch, key) => {
    const wide = await priorProposal(model, params, batch, key);
    const narrow = await proposalMaker(model, base ? { proposal: base } : {})(
      model,
      params,
      batch,
      key,
    );
    return {
      sample: (drawKey, samples) => {
        const rows = samples * batch.x.shape[0];
        const fromPrior = less(randomUniform<Rank.R2>(fold(drawKey, 'which'), [rows, 1]), share);
        const [a, b] = [
          wide.sample(fold(drawKey, 'prior'), samples),
          narrow.sample(fold(drawKey, 'base'), samples),
        ];
        return where(fromPrior, a, b);
      },
      logProb: (z) =>
        logSumExp(
          stack(
            [add(wide.logProb(z), Math.log(share)), add(narrow.logProb(z), Math.log1p(-share))],
            1,
          ),
          1,
        ) as Tensor1D,
      dispose: narrow.dispose,
    };
  };
}
