import type { Distribution, Prior } from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { Ability, PosteriorOf } from './posterior.js';

/** What every pass exposes: the data, the prior and what the decoder makes of it. */
export interface Generated {
  /** The data, `[B, …]`. */
  readonly x: Tensor;
  /** The condition c, `[B, C]`. */
  readonly condition: Tensor2D | undefined;
  /** Class labels, `[B]`, −1 where unknown. */
  readonly label: Tensor1D | undefined;
  readonly prior: Prior;
  /** One draw from the prior for each row, `[B, Z]`. */
  readonly zPrior: Tensor2D;
  /** p(x|zPrior). */
  readonly generated: Distribution;
  /** p(x|z) for any z `[samples · B, Z]`. */
  decode(z: Tensor2D): Distribution;
  readonly step: number;
  /** Seeds what a term draws itself: `fold(pass.key, name)`. */
  readonly key: Key;
  readonly training: boolean;
  /**
   * The tensors through which `decode`, the prior and the posterior depend on the primal player's parameters: those
   * themselves, and what the fields are made of. They are what `sumInParts` of `@elbo/gradients` asks for.
   */
  variables(): readonly Tensor[];
}

/** What a pass of a model with an encoder exposes beside. */
export interface Encoded<A extends Ability> {
  /** q(z|x). */
  readonly posterior: PosteriorOf<A>;
  /** One draw of it for each row, `[B, Z]`. */
  readonly z: Tensor2D;
  /** The normal noise that z was moved from, `[B, Z]`, of a posterior that is a transport of it. */
  readonly base: Tensor2D | undefined;
  /** p(x|z). */
  readonly likelihood: Distribution;
  /** q(z|x) once more, with other noise in the encoder, which `view` names: the caller's, computed at every call. */
  posteriorAgain(view: string): PosteriorOf<A>;
}

/**
 * What one pass over a minibatch exposes to terms. Each field is computed once, when it is first read, with noise that
 * depends on its name only; and lives until the pass ends.
 */
export type Pass<A extends Ability> = Generated & ([A] extends [never] ? unknown : Encoded<A>);
