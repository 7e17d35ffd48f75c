import {
  asVectors,
  formatShape,
  ShapeError,
  sizeOf,
  type Mode,
  type Network,
  type Params,
  type Shape,
} from '@elbo/core';
import { add, mul, square, sum, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';

/** A discriminator T(x, z): `[B, 1]` of x `[B, …]` and z `[B, Z]`. */
export interface PairNetwork extends Network<[Tensor, Tensor]> {
  /**
   * T(e_k, z) of every one-hot code e_k that x can be, `[B, K]`, where T is made for such x. So each z can teach T about
   * every x, and not only about the x it is paired with.
   */
  everyCode?(params: Params, mode: Mode, z: Tensor2D): Tensor2D;
  /** T(x, ·), where what depends on x alone can be computed once for several z: the same values as `apply`. */
  given?(params: Params, mode: Mode, x: Tensor): (z: Tensor2D) => Tensor;
}

/** What every discriminator takes. */
export interface DiscriminatorOptions {
  /**
   * Whether ½‖z‖² is added to the output: what a standard normal prior contributes to T* = log q(z|x) − log p(z), less a
   * constant. It helps where q is narrow; of a standardised z, or where T* is nearly constant, it only has to be
   * unlearned. False by default.
   */
  readonly priorQuadratic?: boolean;
  /** Whether the last layer starts at zero, so that T does, but for the prior's quadratic. True by default. */
  readonly zeroOutput?: boolean;
}

/**
 * x flattened, and z.
 *
 * @throws ShapeError that names `where` unless both are batches of one size, and z one of vectors; and when they are one
 * tensor, as T would not see x.
 */
export function expectPair(x: Tensor, z: Tensor, where: string): readonly [Tensor2D, Tensor2D] {
  if (x === z)
    throw new ShapeError(`${where}: x and z are one and the same tensor; pass the data as x.`);
  if (x.rank < 1 || z.rank !== 2 || x.shape[0] !== z.shape[0])
    throw new ShapeError(
      `${where}: expected x [B, …] and z [B, Z] with as many rows, got ${formatShape(x.shape)} and ${formatShape(z.shape)}.`,
    );
  return [asVectors(x), z as Tensor2D];
}

/**
 * The sizes of x and z.
 *
 * @throws ShapeError that names `where` unless z is a vector and neither is empty.
 */
export function pairSizes(x: Shape, z: Shape, where: string): readonly [number, number] {
  const sizes = [sizeOf(x), sizeOf(z)] as const;
  if (z.length === 1 && sizes[0] > 0 && sizes[1] > 0) return sizes;
  throw new ShapeError(
    `${where}: expected x of any shape and z a vector, neither empty, got ${formatShape(x)} and ${formatShape(z)}.`,
  );
}

/** T, with ½‖z‖² added where wanted. */
export function withPrior<T extends Tensor>(output: T, z: Tensor2D, priorQuadratic: boolean): T {
  return priorQuadratic ? add(output, mul(sum(square(z), 1, true), 0.5)) : output;
}
