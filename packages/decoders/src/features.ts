import {
  formatShape,
  initPart,
  ShapeError,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { fold, type Key } from '@elbo/random';
import { concat, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** What a decoder makes of z and the condition before its likelihood's own layers. */
export interface Features {
  /**
   * Parameters under `trunk`, if there are any, and the shape of the features.
   *
   * @throws ShapeError when the condition is no vector, or z does not fit the network.
   */
  init(
    key: Key,
    latent: number,
    condition: Shape | undefined,
  ): { readonly params: Params; readonly output: Shape };
  /** The features of each row, `[B, …]`. */
  apply(params: Params, mode: Mode, z: Tensor2D, condition: Tensor2D | undefined): Tensor;
}

/** What a network makes of (z, condition); the two themselves, joined, without one. `where` names the decoder in errors. */
export function featuresOf(network: Network | undefined, where: string): Features {
  return {
    init: (key, latent, condition) => {
      if (condition && condition.length !== 1)
        throw new ShapeError(
          `${where}: a condition is a vector [C] for each row, not ${formatShape(condition)}; flatten it.`,
        );
      const input = [latent + (condition?.[0] ?? 0)];
      if (!network) return { params: {}, output: input };
      const { params, output } = initPart(network, 'trunk', key, input, where);
      return { params: Object.keys(params).length > 0 ? { trunk: params } : {}, output };
    },
    apply: (params, mode, z, condition) => {
      const input = condition ? concat([z, condition], 1) : z;
      if (!network) return input;
      const inner = { ...mode, key: fold(mode.key, 'trunk') };
      return network.apply((params.trunk ?? {}) as Params, inner, input);
    },
  };
}
