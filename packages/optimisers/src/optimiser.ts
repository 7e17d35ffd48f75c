import { category, type Category, type Config, type Params } from '@elbo/core';
import type { Scalar } from '@tensorflow/tfjs-core';

/** What a step of an optimiser gives. */
export type Stepped = Readonly<Record<'params' | 'state', Params>>;

/**
 * A rule that turns parameters and gradients into new parameters.
 *
 * Its state is a tree of tensors, so that it can be saved; the number of the step is an argument.
 */
export interface Optimiser {
  readonly config: Config;
  /** The state before the first step: the caller's. */
  init(params: Params): Params;
  /**
   * One step, number `step` from 0.
   *
   * @returns fresh parameters and state: the caller's. Parameters are never written in place, as backends cache what
   * they derive from a tensor; `gradients` and `state` are consumed, `params` stay the caller's.
   * @throws ShapeError or ConfigError when the trees do not fit each other; the gradients are consumed then too.
   */
  step(gradients: Params, state: Params, params: Params, step: number): Stepped;
  /**
   * `step` with all gradients times a scalar, which is borrowed: for an optimiser that needs no pass of its own over the
   * gradients to scale them.
   */
  scaledStep?(
    gradients: Params,
    scale: Scalar,
    state: Params,
    params: Params,
    step: number,
  ): Stepped;
}

/** A change of gradients before an optimiser takes them, such as clipping. Used in `chain`. */
export interface Transform {
  readonly config: Config;
  /** The state before the first step: the caller's. */
  init(params: Params): Params;
  /**
   * Gradients for step number `step` from 0, and the state after it.
   *
   * @returns the caller's; `gradients` and `state` are consumed, `params` stay the caller's.
   */
  update(
    gradients: Params,
    state: Params,
    params: Params,
    step: number,
  ): { readonly gradients: Params; readonly state: Params };
  /**
   * Where `update` does no more than multiply all gradients by one number: that number, the caller's. `gradients` stay
   * the caller's. `chain` gives it to an optimiser that has `scaledStep`.
   */
  factor?(gradients: Params): Scalar;
}

/** The category of optimisers. */
export const optimiserCategory: Category<Optimiser> = category('optimiser');

/** The category of gradient transforms. */
export const transformCategory: Category<Transform> = category('transform');
