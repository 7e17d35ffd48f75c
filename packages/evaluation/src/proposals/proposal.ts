import type { Batch, Model, Primal } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** A distribution over z for each row of a batch, to draw importance samples from. */
export interface Proposal {
  /** `samples` draws for each row, sample-major: `[samples · B, Z]`. */
  sample(key: Key, samples: number): Tensor2D;
  /** Its log density in nats for z `[samples · B, Z]`, sample-major: `[samples · B]`. Differentiable in z. */
  logProb(z: Tensor2D): Tensor1D;
  dispose(): void;
}

/** Makes a proposal for the rows of a batch; z has as many dimensions as the model's prior. */
export type MakeProposal = (
  model: Model,
  params: Primal,
  batch: Batch,
  key: Key,
) => Proposal | Promise<Proposal>;
