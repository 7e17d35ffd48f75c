import {
  disposeTree,
  formatShape,
  initPart,
  paramsAt,
  sameShape,
  ShapeError,
  sizeOf,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { dense } from '@elbo/networks';
import { fold, type Key } from '@elbo/random';
import { concat, reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** What every decoder takes. */
export interface DecoderOptions {
  /**
   * Makes features of (z, condition). A vector of features gets a linear layer on top that makes the data's shape; a
   * network whose output has that shape already, of two axes or more, is taken as it is, so its last layer should be
   * linear.
   */
  readonly network: Network;
  /** The shape of the data, such as `[28, 28, 1]`. */
  readonly shape: Shape;
}

/** A decoder's numbers for each element of the data: `[B, …shape]`. */
export interface Output {
  init(key: Key, latent: number, x: Shape, condition: Shape | undefined): Params;
  apply(params: Params, mode: Mode, z: Tensor2D, condition: Tensor2D | undefined): Tensor;
}

/** The output of a decoder that errors call `where`; its parameters are under `trunk` and, where it has one, `head`. */
export function outputOf({ network, shape }: DecoderOptions, where: string): Output {
  const head = dense({ units: sizeOf(shape) });
  return {
    init: (key, latent, x, condition) => {
      if (!sameShape(x, shape))
        throw new ShapeError(
          `${where}: it makes data of shape ${formatShape(shape)}, and these have ${formatShape(x)}; change its 'shape'.`,
        );
      if (condition && condition.length !== 1)
        throw new ShapeError(
          `${where}: a condition is a vector [C] for each row, not ${formatShape(condition)}; flatten it.`,
        );
      const input = [latent + (condition?.[0] ?? 0)];
      const { params, output } = initPart(network, 'trunk', key, input, where);
      const trunk = Object.keys(params).length > 0 ? { trunk: params } : {};
      if (output.length === 1)
        return { ...trunk, head: head.init(fold(key, 'head'), output).params };
      if (sameShape(output, shape)) return trunk;
      disposeTree(params);
      throw new ShapeError(
        `${where}: its network makes ${formatShape(output)}; it should make a vector, or ${formatShape(shape)}.`,
      );
    },
    apply: (params, mode, z, condition) => {
      const input = condition ? concat([z, condition], 1) : z;
      const inner = { ...mode, key: fold(mode.key, 'trunk') };
      const made = network.apply((params.trunk ?? {}) as Params, inner, input);
      const full = params.head ? head.apply(paramsAt(params, 'head'), mode, made) : made;
      return reshape(full, [-1, ...shape]);
    },
  };
}
