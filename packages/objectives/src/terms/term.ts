import {
  category,
  type Category,
  type Config,
  type Coupled,
  type Coupling,
  type Params,
  type Prior,
  type Shape,
} from '@elbo/core';
import type { Key } from '@elbo/random';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Pass } from '../pass/pass.js';
import type { Ability } from '../pass/posterior.js';

/**
 * What a term adds up to: the reported ELBO is minus the unweighted reconstruction and divergences, or the bound. What
 * is no quantity in nats (a non-saturating game, an MMD) is a regulariser.
 */
export type Role = 'reconstruction' | 'divergence' | 'bound' | 'regulariser';

/** A part of the primal player. */
export type Part = 'encoder' | 'decoder' | 'prior';

/** One evaluation of a term; the thunks share what they share, and only what is asked for is computed. */
export interface TermEvaluation {
  /** What the primal player minimises, in nats: `[B]` or a scalar. */
  cost(): Tensor;
  /** What the adversary minimises. */
  loss?(): Scalar;
  /** What to watch. */
  metrics?(): Readonly<Record<string, Scalar>>;
  /** Of a divergence that an adversary estimates: what it makes of both samples. */
  logits?(): Logits;
}

/** The log-odds, `[B, 1]` each, that a discriminator gives to z of q(z|x) and to what it tells them apart from. */
export interface Logits {
  readonly posterior: Tensor;
  readonly contrast: Tensor;
}

/** The adversary of a term. */
export interface Adversary {
  /** Its networks: where one couples rows, so does every term that plays with it. */
  readonly parts: readonly Coupled[];
  /** Parameters for data of shape `x`, latents of shape `z` with this prior, and a condition of shape `condition`. */
  init(key: Key, x: Shape, z: Shape, prior: Prior, condition: Shape | undefined): Params;
}

/** A summand of an objective. Write one with `term`. */
export interface Term<out A extends Ability = Ability> extends Coupled {
  readonly config: Config;
  /** Names its metrics and its adversary's parameters; unique in a model. */
  readonly name: string;
  readonly role: Role;
  readonly needs: readonly A[];
  /** The parts of the primal player that its cost trains; all by default. */
  readonly updates?: readonly Part[];
  readonly adversary?: Adversary;
  /** Of a term that reads labels: how many classes it knows, with this prior. */
  classes?(prior: Prior): number;
  /** The name of another term, whose adversary it reads in place of one of its own: that term trains it. */
  readonly adversaryOf?: string;
  /** Whether it, or its adversary, compares what the decoder makes with the data; false by default. */
  readonly onData?: boolean;
  /**
   * How it couples the rows of a minibatch by what it computes itself; what its adversary and the model's parts add, `compose`
   * finds. The mean over parts of a minibatch is then not that over the whole, so such a term is trained by one worker.
   */
  readonly coupling?: Coupling | undefined;
  /** Which way its own metrics are better, where one is; those of an adversary tell how the game stands, and have none. */
  readonly better?: Readonly<Record<string, Direction>>;
  /** The factor of `cost` in the objective at a step; 1 by default. */
  readonly weight?: (step: number) => number;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- `needs` is what is checked; `term` types the body
  evaluate(pass: Pass<any>, adversary: Params): TermEvaluation;
}

/**
 * Defines a term; the type of `evaluate`'s pass follows from `needs`.
 *
 * @example
 * ```ts
 * import { term } from '@elbo/objectives';
 * import { square, sum } from '@tensorflow/tfjs-core';
 *
 * const shrink = term({
 *   config: { kind: 'shrink' },
 *   name: 'shrink',
 *   role: 'regulariser',
 *   needs: ['posterior', 'moments'],
 *   evaluate: ({ posterior }) => ({ cost: () => sum(square(posterior.mean), -1) }),
 * });
 * console.log(shrink.needs); // [ 'posterior', 'moments' ]
 * ```
 */
export function term<const A extends Ability = never>(
  definition: Omit<Term<A>, 'evaluate'> & {
    evaluate(pass: Pass<A>, adversary: Params): TermEvaluation;
  },
): Term<A> {
  return definition;
}

/** The category of terms. */
export const termCategory: Category<Term> = category('term');

/** Which way a figure is better. */
export type Direction = 'higher' | 'lower';
