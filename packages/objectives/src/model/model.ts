import {
  category,
  type Category,
  type Config,
  type DataMoments,
  type Prior,
  type Shape,
} from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Batch, Moment } from '../pass/batch.js';
import type { ForwardPass } from '../pass/forward_pass.js';
import type { Ability } from '../pass/posterior.js';
import type { Term } from '../terms/term.js';
import type { AnyEncoder, Decoder } from './encoder_decoder.js';
import type { ModelParams, Primal } from './params.js';

/** A prior, an encoder, a decoder and an objective, and what one does with them; every function takes the parameters. */
export interface Model<out A extends Ability = Ability> {
  readonly config: Config;
  /** What its posteriors can do; nothing without an encoder. */
  readonly offers: readonly A[];
  /** Where it is learned, `priorOf` gives it its parameters. */
  readonly prior: Prior;
  readonly encoder: AnyEncoder | undefined;
  readonly decoder: Decoder;
  readonly terms: readonly Term[];
  /** Of a standardised model: that of the standardised data, and by which moments they are. */
  readonly standard?: { readonly model: Model; readonly moments: DataMoments };
  /**
   * Fresh parameters for data of shape `x`, and a condition of shape `condition`.
   *
   * @throws ShapeError when a part does not fit the data.
   */
  init(key: Key, x: Shape, condition?: Shape): ModelParams;
  /** p(z) with its parameters. Tensors that it holds are the caller's. */
  priorOf(params: Primal): Prior;
  /** Begins a forward pass, whose parts are computed when they are first read; see `forwardPass`. */
  forward(params: Primal, batch: Batch, moment: Moment): ForwardPass;
  /**
   * The evidence lower bound of each row in nats, `[B]`, as the model's own terms estimate it with one draw: minus the
   * unweighted reconstruction and divergences, or the bound. An adversary's estimate may exceed the truth.
   *
   * @throws CompositionError for a model whose terms make no bound.
   */
  elbo(params: ModelParams, batch: Batch, key: Key): Tensor1D;
  /** One draw from q(z|x) for each row, `[B, Z]`. */
  encode(params: Primal, batch: Batch, key: Key): Tensor2D;
  /** The mean of p(x|z), `[B, …]`. */
  decode(params: Primal, z: Tensor2D, condition?: Tensor2D): Tensor;
  /** The means of p(x|z) at `n` draws of z from the prior, `[n, …]`. */
  sample(params: Primal, key: Key, n: number, condition?: Tensor2D): Tensor;
  /** The mean of p(x|z) at a draw of z from q(z|x), `[B, …]`. */
  reconstruct(params: Primal, batch: Batch, key: Key): Tensor;
  /**
   * Means along the straight lines in z from draws of q(z|x) of `from`'s rows to those of `to`'s:
   * `[B · steps, …]`, a row's steps together. A condition goes along such a line as well.
   */
  interpolate(params: Primal, from: Batch, to: Batch, key: Key, steps: number): Tensor;
  /**
   * Means at copies of one z `[1, Z]` with coordinate `dim` set to each value, given one condition `[1, C]`:
   * `[values.length, …]`.
   */
  traverse(
    params: Primal,
    z: Tensor2D,
    dim: number,
    values: readonly number[],
    condition?: Tensor2D,
  ): Tensor;
  /** An anomaly score of each row, `[B]`: minus its ELBO, in nats; higher is stranger. */
  score(params: ModelParams, batch: Batch, key: Key): Tensor1D;
}

/** The category of models. */
export const modelCategory: Category<Model> = category('model');

/** Whether a model has a dual player: a term with an adversary. */
export function hasAdversary(model: Model): boolean {
  return model.terms.some((term) => term.adversary);
}
