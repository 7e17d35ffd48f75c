import { repeatBatch } from '@elbo/core';
import type { Batch, Model, Primal } from '@elbo/objectives';
import type { Key } from '@elbo/random';
import { add, keep, tidy, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';

/** log p(x, z) of rows at several z for each. */
export interface Joint {
  /** How many z there are: samples · B. */
  readonly count: number;
  /** In nats, `[samples · B]`, for z `[samples · B, Z]`, sample-major. */
  at(z: Tensor2D): Tensor1D;
  dispose(): void;
}

/** The joint density of a batch, at `samples` z for each row. */
export function jointOf(
  model: Model,
  params: Primal,
  batch: Batch,
  { samples, key }: { readonly samples: number; readonly key: Key },
): Joint {
  const { x, condition } = tidy(() => ({
    x: keep(repeatBatch(batch.x, samples)),
    condition: batch.condition && keep(repeatBatch(batch.condition, samples)),
  }));
  const mode = { training: false, key };
  return {
    count: x.shape[0],
    at: (z) =>
      add(
        model.decoder.likelihood(params.decoder, mode, z, condition).logProb(x),
        model.priorOf(params).logProb(z),
      ),
    dispose: () => {
      x.dispose();
      condition?.dispose();
    },
  };
}
