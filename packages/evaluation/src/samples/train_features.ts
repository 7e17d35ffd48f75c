import { disposeTree, macrotask, type Params } from '@elbo/core';
import { gradientsOf } from '@elbo/gradients';
import type { Batch } from '@elbo/objectives';
import { adamW, cosine } from '@elbo/optimisers';
import type { Key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import type { FeatureNetwork } from './feature_network.js';

/** How a feature network is trained. */
export interface TrainFeaturesOptions {
  readonly key: Key;
  /** 500 by default. */
  readonly steps?: number;
  /** Of Adam with weight decay, at the start; it falls to 0 by a cosine. 2e-3 by default. */
  readonly rate?: number;
  /** Called with the share done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Trains a feature network; the parameters are the caller's.
 *
 * @param batchAt The minibatch of a step, which is freed here.
 */
export async function trainFeatures(
  network: FeatureNetwork,
  batchAt: (step: number) => Promise<Batch>,
  { key, steps = 500, rate = 2e-3, onProgress }: TrainFeaturesOptions,
): Promise<Params> {
  const optimiser = adamW(cosine({ from: rate, steps }));
  let params = network.init(key);
  let state: Params = optimiser.init(params);
  try {
    for (let step = 0; step < steps; step++) {
      const batch = await batchAt(step);
      const { loss } = gradientsOf(() => ({ loss: network.loss(params, batch) }), { loss: params });
      loss.value.dispose();
      dispose(Object.values(batch));
      const before = params;
      ({ params, state } = optimiser.step(loss.gradients, state, before, step));
      disposeTree(before);
      onProgress?.((step + 1) / steps);
      await macrotask();
    }
    return params;
  } catch (error) {
    disposeTree(params);
    throw error;
  } finally {
    disposeTree(state);
  }
}
