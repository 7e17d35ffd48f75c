import type { Batch, Model, Primal } from '@elbo/objectives';
import type { Proposal } from '../proposals/proposal.js';
import type { Key } from '@elbo/random';
import { sub, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { jointOf } from '../likelihood/joint.js';

/** The two ends of a path of distributions at some z `[N, Z]`, as logarithms in nats, `[N]`. */
interface Ends {
  /** log r(z). */
  readonly start: Tensor1D;
  /** log p(x, z) − log r(z). */
  readonly ratio: Tensor1D;
}

/**
 * The path from a proposal r(z|x) to the posterior of each of B rows, for C chains a row: r(z|x)^(1−β) p(x, z)^β. With
 * the prior for r that is p(z) p(x|z)^β.
 */
export interface Path {
  /** N = C · B. */
  readonly count: number;
  /** Draws from r, chain-major: `[N, Z]`. */
  sample(key: Key): Tensor2D;
  ends(z: Tensor2D): Ends;
  dispose(): void;
}

/** The path of a batch; it borrows the proposal. */
export function pathOf(
  model: Model,
  params: Primal,
  batch: Batch,
  { proposal, chains, key }: { proposal: Proposal; chains: number; key: Key },
): Path {
  const joint = jointOf(model, params, batch, { samples: chains, key });
  return {
    count: joint.count,
    sample: (drawKey) => proposal.sample(drawKey, chains),
    ends: (z) => {
      const start = proposal.logProb(z);
      return { start, ratio: sub(joint.at(z), start) };
    },
    dispose: joint.dispose,
  };
}
