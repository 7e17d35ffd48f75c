import type { Params } from '@elbo/core';
import type { Dataset, RowBatch as Draw } from '@elbo/datasets';
import type { Model, ModelParams, Moment } from '@elbo/objectives';
import type { Scalar } from '@tensorflow/tfjs-core';

/** Scalars on the device, by name. */
export type Measured = Readonly<Record<string, Scalar>>;

/** Who moves. */
export interface Players {
  readonly primal: boolean;
  readonly dual: boolean;
}

/** The gradient of a player's loss. */
export interface PlayerGradients {
  readonly gradients: Params;
  /** Paths of the player's parameters that its loss does not depend on. */
  readonly unreached: readonly string[];
}

/** What a move goes by: the gradients of the players that move, and means over the minibatch to watch. */
export interface MoveGradients {
  readonly primal?: PlayerGradients;
  readonly dual?: PlayerGradients;
  readonly measured: Measured;
}

/** A minibatch that has been read: the moves of one iteration go by it. */
export interface OpenBatch {
  /** The gradients at `params`, which are borrowed. The tensors are the caller's. */
  differentiate(
    params: ModelParams,
    moment: Omit<Moment, 'training'>,
    players: Players,
  ): Promise<MoveGradients>;
  /** Frees the minibatch. */
  dispose(): void;
}

/**
 * Where `train` gets its gradients: this thread (`localGradients`), or several workers that share each minibatch. It
 * reads the data; the trainer keeps the state, and takes the steps.
 */
export interface GradientSource {
  readonly model: Model;
  readonly data: Dataset;
  /**
   * Reads the minibatch of an iteration.
   *
   * @throws what stops a run between two steps, when the last whole step can still be saved.
   */
  open(draw: Draw): Promise<OpenBatch>;
}
