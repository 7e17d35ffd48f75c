import type { Key } from '@elbo/random';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { category, type Category } from '../registry.js';
import type { Config } from '../config.js';

/** A batch of B independent distributions over values of one shape. */
export interface Distribution {
  /** One draw from each, `[B, …]`; `samples` of them, `[samples · B, …]`, sample-major. */
  sample(key: Key, samples?: number): Tensor;
  /** log p(x) in nats, summed over all axes but the batch's: `[B]`. */
  logProb(x: Tensor): Tensor1D;
  /** The means, `[B, …]`. */
  mean(): Tensor;
}

/** Where a named part of z lies: coordinates `begin` to `begin + size`. */
export interface Slice {
  readonly begin: number;
  readonly size: number;
}

/** A prior p(z) over z of dimension `dim`. */
export interface Prior {
  readonly config: Config;
  readonly dim: number;
  /** Where the named parts of a structured z lie. */
  readonly slices?: Readonly<Record<string, Slice>>;
  /** `[n, dim]`. */
  sample(key: Key, n: number): Tensor2D;
  /**
   * For a prior whose parts have labels: one draw for each label `[n]`, 0, 1, …, from the part that it names, and from
   * the whole where it is −1: `[n, dim]`. A label that names no part gives draws of no meaning.
   */
  sampleGiven?(key: Key, label: Tensor1D): Tensor2D;
  /** log p(z) in nats, `[n]`. */
  logProb(z: Tensor2D): Tensor1D;
}

/** The category of priors. */
export const priorCategory: Category<Prior> = category('prior');
