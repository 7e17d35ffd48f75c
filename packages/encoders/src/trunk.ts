import {
  asVectors,
  formatShape,
  initPart,
  ShapeError,
  sizeOf,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { fold, type Key } from '@elbo/random';
import { concat, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** What an encoder sees of x: a network's output, flattened, joined with the condition. */
export interface Trunk {
  /**
   * Parameters under `trunk`, if there are any, and how many features there are.
   *
   * @throws ShapeError when x does not fit the network, or the condition is no vector.
   */
  init(
    key: Key,
    x: Shape,
    condition: Shape | undefined,
  ): { readonly params: Params; readonly features: number };
  /** The features of each row, `[B, F]`. */
  apply(params: Params, mode: Mode, x: Tensor, condition: Tensor2D | undefined): Tensor2D;
}

/** A trunk around a network; x itself, flattened, without one. `where` names the encoder in errors. */
export function trunkOf(network: Network | undefined, where: string): Trunk {
  return {
    init: (key, x, condition) => {
      if (condition && condition.length !== 1)
        throw new ShapeError(
          `${where}: a condition is a vector [C] for each row, not ${formatShape(condition)}; flatten it.`,
        );
      const { params, output } = network
        ? initPart(network, 'trunk', key, x, where)
        : { params: {}, output: x };
      return {
        params: Object.keys(params).length > 0 ? { trunk: params } : {},
        features: sizeOf(output) + (condition?.[0] ?? 0),
      };
    },
    apply: (params, mode, x, condition) => {
      const own = (params.trunk ?? {}) as Params;
      const seen = network?.apply(own, { ...mode, key: fold(mode.key, 'trunk') }, x) ?? x;
      if (seen.shape[0] !== x.shape[0])
        throw new ShapeError(
          `${where}: its network makes ${formatShape(seen.shape)} of ${formatShape(x.shape)}; it should make as many rows.`,
        );
      const features = asVectors(seen);
      return condition ? concat([features, condition], 1) : features;
    },
  };
}
