import {
  disposeTree,
  formatShape,
  paramsAt,
  sameShape,
  ShapeError,
  sizeOf,
  tensorAt,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { dense } from '@elbo/networks';
import { checked } from '@elbo/objectives';
import { fold, type Key } from '@elbo/random';
import { reshape, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { featuresOf } from './features.js';
import { sideBySide } from './network_making.js';

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

/** A decoder's numbers for each element of the data: `[B, …shape]`, or `[B, …shape, numbers]` of several each. */
export interface Output {
  init(key: Key, latent: number, x: Shape, condition: Shape | undefined): Params;
  apply(params: Params, mode: Mode, z: Tensor2D, condition: Tensor2D | undefined): Tensor;
}

/** @throws ShapeError that names `where` unless the data have the shape that it makes. */
export function expectData(x: Shape, shape: Shape, where: string): void {
  if (!sameShape(x, shape))
    throw new ShapeError(
      `${where}: it makes data of shape ${formatShape(shape)}, and these have ${formatShape(x)}; change its 'shape'.`,
    );
}

/**
 * The output of a decoder that errors call `where`, of one or more numbers for each element; its parameters are under
 * `trunk` and, where it has one, `head`.
 */
export function outputOf({ network, shape }: DecoderOptions, where: string, numbers = 1): Output {
  const whole = sideBySide(shape, numbers);
  const head = dense({ units: sizeOf(whole) });
  const features = featuresOf(network, where);
  return {
    init: (key, latent, x, condition) => {
      expectData(x, shape, where);
      const { params: trunk, output } = features.init(key, latent, condition);
      if (output.length === 1)
        return { ...trunk, head: head.init(fold(key, 'head'), output).params };
      if (sameShape(output, whole)) return trunk;
      disposeTree(trunk);
      throw new ShapeError(
        `${where}: its network makes ${formatShape(output)}; it should make a vector, or ${formatShape(whole)}.`,
      );
    },
    apply: (params, mode, z, condition) => {
      const made = features.apply(params, mode, z, condition);
      const expected = params.head ? tensorAt(params, 'head/kernel').shape.slice(0, 1) : whole;
      // One row for all, or rows and columns the other way about, would pass for values of more draws, or of other places.
      checked(made, [z.shape[0], ...expected], `${where}: what its network makes`);
      const full = params.head ? head.apply(paramsAt(params, 'head'), mode, made) : made;
      return reshape(full, [-1, ...shape, ...(numbers > 1 ? [numbers] : [])]);
    },
  };
}
