import type { Params } from '@elbo/core';
import type { Batch } from '@elbo/objectives';
import { adamW, cosine } from '@elbo/optimisers';
import type { Key } from '@elbo/random';
import { dispose } from '@tensorflow/tfjs-core';
import { descend, type Minibatch } from '../descend.js';
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
export function trainFeatures(
  network: FeatureNetwork,
  batchAt: (step: number) => Promise<Batch>,
  { key, steps = 500, rate = 2e-3, onProgress }: TrainFeaturesOptions,
): Promise<Params> {
  const minibatchAt = async (step: number): Promise<Minibatch> => {
    const batch = await batchAt(step);
    return {
      loss: (params) => network.loss(params, batch),
      dispose: () => {
        dispose(Object.values(batch));
      },
    };
  };
  const optimiser = adamW(cosine({ from: rate, steps }));
  return descend(network.init(key), optimiser, minibatchAt, { steps, onProgress });
}
