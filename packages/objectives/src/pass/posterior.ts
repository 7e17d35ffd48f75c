import type { Normal, Prior } from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';

/** What a posterior can do. `compose` checks that an encoder offers what every term needs. */
export type Ability = 'posterior' | 'logProb' | 'moments' | 'classes';

/** Draws of a posterior as what they are made of: z = `place(base)`. */
export interface Transport {
  /** ε ~ N(0, I) of z's dimension, `[samples · B, Z]`. */
  readonly base: Tensor2D;
  /** z of any such ε, differentiable in it, each row of its own; all other noise is held. */
  place(base: Tensor2D): Tensor2D;
  /**
   * Of a map that is a contraction's shift: a step from `base` to the ε that `place` takes to z `[samples · B, Z]`. Repeated
   * from anywhere it gets there.
   */
  towards?(z: Tensor2D, base: Tensor2D): Tensor2D;
}

/** A posterior q(z|x) of a batch that can be sampled: every posterior. */
export interface Sampled {
  /** `samples` draws for each row, differentiable in the encoder's parameters: `[samples · B, Z]`, sample-major. */
  sample(key: Key, samples?: number): Tensor2D;
  /**
   * Of a semi-implicit posterior q(z|x) = E q(z|x, ε) (Yin & Zhou 2018), what it mixes: the normals q(z|x, ε) of `samples`
   * draws of ε for each row, rows sample-major.
   */
  components?(key: Key, samples?: number): Normal<Tensor2D>;
  /** Of a posterior that moves normal noise of z's dimension: the draws that `sample` makes of this key, as that. */
  transport?(key: Key, samples?: number): Transport;
}

/** A posterior with a density: an explicit one. */
export interface LogProb {
  /** log q(z|x) in nats for z `[samples · B, Z]`, sample-major: `[samples · B]`. */
  logProb(z: Tensor2D): Tensor1D;
  /** The same distribution with no gradient to the encoder. */
  detach(): LogProb;
  /** KL(q(z|x) ‖ p(z)) in nats, `[B]`, where a closed form is known for this prior. */
  kl?(prior: Prior): Tensor1D | undefined;
  /** The same of each dimension of z, `[B, Z]`, where it is a sum over them. */
  klOfDimensions?(prior: Prior): Tensor2D | undefined;
  /** log q(z_j|x) of each dimension for z as `logProb` takes it, `[samples · B, Z]`, where the dimensions are independent. */
  logProbOfDimensions?(z: Tensor2D): Tensor2D;
}

/**
 * A posterior that names a normal N(mean, exp(logVar)) close to it: its own moments, or the anchor it is built around.
 * Adaptive contrast measures against it.
 */
export interface Moments {
  /** `[B, Z]`. */
  readonly mean: Tensor2D;
  /** `[B, Z]`. */
  readonly logVar: Tensor2D;
}

/** A posterior of z = [y, s] with y one of C classes, one-hot: q(y|x) q(s|x, y), whose classes can be enumerated. */
export interface Classes {
  /** q(y|x), `[C, B]`. */
  readonly probabilities: Tensor2D;
  /** For each class in turn a draw of z with that y for each row, `[C · B, Z]`, class-major. */
  ofEveryClass(key: Key): Tensor2D;
}

/** The posterior of an encoder that offers `A`. */
export type PosteriorOf<A extends Ability> = Sampled &
  ('logProb' extends A ? LogProb : unknown) &
  ('moments' extends A ? Moments : unknown) &
  ('classes' extends A ? Classes : unknown);
