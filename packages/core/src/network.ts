import { fold, type Key } from '@elbo/random';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Config } from './config.js';
import type { Coupled } from './coupling.js';
import { category, type Category } from './registry.js';
import { ShapeError } from './errors.js';
import type { Shape } from './shapes.js';
import type { Params } from './trees.js';

/** How a network is applied: `key` seeds its noise, if it has any. */
export interface Mode {
  readonly training: boolean;
  readonly key: Key;
}

/** The shapes of a tuple of inputs, without their batch axes. */
export type Shapes<Inputs extends readonly Tensor[]> = { readonly [I in keyof Inputs]: Shape };

/**
 * A function of parameters and inputs, and how to initialise it. It has no state but its parameters.
 * `T(x, z)` is a `Network<[Tensor, Tensor]>`.
 */
export interface Network<Inputs extends readonly Tensor[] = [Tensor]> extends Coupled {
  readonly config: Config;
  /** Carries the type only: without it a D(x) would pass for a T(x, z), as a function may take fewer arguments. */
  readonly inputs?: Inputs['length'];
  /**
   * Fresh parameters for inputs of these shapes, and the shape of the output.
   *
   * @throws ShapeError when the inputs do not fit.
   */
  init(key: Key, ...inputs: Shapes<Inputs>): { readonly params: Params; readonly output: Shape };
  /** The output, `[B, …]`, for inputs `[B, …]`. */
  apply(params: Params, mode: Mode, ...inputs: Inputs): Tensor;
}

/** The category of networks of one input. */
export const networkCategory: Category<Network> = category('network');

/** The category of networks of a pair (x, z), such as the discriminator T(x, z). */
export const pairNetworkCategory: Category<Network<[Tensor, Tensor]>> = category('discriminator');

/**
 * Initialises a network that is a part of another, with the child of `key` for its name.
 *
 * @param owner Names the whole in errors.
 * @throws ShapeError that names the owner and the part when its input does not fit.
 */
export function initPart(
  network: Network,
  name: string,
  key: Key,
  input: Shape,
  owner?: string,
): ReturnType<Network['init']> {
  try {
    return network.init(fold(key, name), input);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const place = owner === undefined ? name : `${owner} › ${name}`;
    throw new ShapeError(`${place} › ${error.message}`, { cause: error });
  }
}
