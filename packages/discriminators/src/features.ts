import {
  disposeTree,
  asVectors,
  initPart,
  sizeOf,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { fold, type Key } from '@elbo/random';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';

/** A discriminator that can be asked what its last layer sees of x: a learned description of it. */
export interface Featured {
  /** `[B, F]` of x `[B, …]`; a condition has no part in it. */
  features(params: Params, mode: Mode, x: Tensor): Tensor2D;
}

/** Features and what is made of them. */
export interface FeatureBody extends Featured {
  /** Parameters under `body`, if there are any, and those that `heads` makes for so many features. */
  init(key: Key, x: Shape, heads: (features: number) => Params): Params;
}

/** The features that a network makes; `where` names the discriminator in errors. */
export function featuresOf(network: Network, where: string): FeatureBody {
  return {
    init: (key, x, heads) => {
      const { params, output } = initPart(network, 'body', key, x, where);
      try {
        return {
          ...(Object.keys(params).length > 0 && { body: params }),
          ...heads(sizeOf(output)),
        };
      } catch (error) {
        disposeTree(params);
        throw error;
      }
    },
    features: (params, mode, x) => {
      const inner = { ...mode, key: fold(mode.key, 'body') };
      return asVectors(network.apply((params.body ?? {}) as Params, inner, x));
    },
  };
}
