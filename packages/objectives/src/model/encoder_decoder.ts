import {
  category,
  type Category,
  type Config,
  type Coupled,
  type Distribution,
  type Mode,
  type Params,
  type Shape,
  type Support,
} from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core';
import type { Ability, PosteriorOf, Sampled } from '../pass/posterior.js';

/** q(z|x), or q(z|x, c) with a condition, whatever its posteriors can do. */
export interface AnyEncoder extends Coupled {
  readonly config: Config;
  /** What its posteriors can do. */
  readonly offers: readonly Ability[];
  /** The dimension of z. */
  readonly latent: number;
  /**
   * Parameters for data of shape `x`, and a condition of shape `condition`.
   *
   * @throws ShapeError when the data do not fit.
   */
  init(key: Key, x: Shape, condition?: Shape): Params;
  /** The posteriors of a batch x `[B, …]`, given a condition `[B, C]`. */
  posterior(params: Params, mode: Mode, x: Tensor, condition: Tensor2D | undefined): Sampled;
}

/** An encoder whose posteriors can do at least `A`: what a factory that needs no more asks for. */
export interface Offering<A extends Ability> extends AnyEncoder {
  posterior(params: Params, mode: Mode, x: Tensor, condition: Tensor2D | undefined): PosteriorOf<A>;
}

/** An encoder whose posteriors can do `A`, as `offers` says. */
export interface Encoder<A extends Ability> extends AnyEncoder {
  readonly offers: readonly A[];
  posterior(params: Params, mode: Mode, x: Tensor, condition: Tensor2D | undefined): PosteriorOf<A>;
}

/** p(x|z), or p(x|z, c) with a condition. */
export interface Decoder extends Coupled {
  readonly config: Config;
  /** The values that its likelihoods are of; what it does not say is not checked. */
  readonly support?: Support;
  /**
   * Parameters for latents of dimension `latent` and data of shape `x`.
   *
   * @throws ShapeError when its network does not make what the likelihood of such data needs.
   */
  init(key: Key, latent: number, x: Shape, condition?: Shape): Params;
  /** The likelihoods of a batch z `[B, Z]`, given a condition `[B, C]`. Their values have the shape of the data. */
  likelihood(
    params: Params,
    mode: Mode,
    z: Tensor2D,
    condition: Tensor2D | undefined,
  ): Distribution;
}

/** The category of encoders. */
export const encoderCategory: Category<AnyEncoder> = category('encoder');

/** The category of decoders. */
export const decoderCategory: Category<Decoder> = category('decoder');
