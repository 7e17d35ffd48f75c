import { disposeTree, leaves, mapTree, type Params, type Shape } from '@elbo/core';
import { scope } from '@elbo/gradients';
import type { Model, ModelParams } from '@elbo/objectives';
import type { Optimiser } from '@elbo/optimisers';
import { fold, key } from '@elbo/random';
import { clone } from '@tensorflow/tfjs-core';
import type { Sums } from './measurements.js';

/** The best value so far of the validation metric that is watched, at which step, and validations since. */
export interface Best {
  readonly metric: string;
  readonly value: number;
  readonly step: number;
  readonly waited: number;
  /** The step of the last validation. */
  readonly validated: number;
}

/** Everything that training goes on from. */
export interface State {
  /** Iterations done. */
  readonly step: number;
  readonly params: ModelParams;
  /** The moving average of the primal player's parameters, where one is kept. */
  readonly ema: ModelParams['primal'] | undefined;
  readonly optimiser: { readonly primal: Params; readonly dual: Params };
  readonly best: Best | undefined;
  /** The metrics since the last report, where a run was left between two. */
  readonly sums?: Sums | undefined;
}

/** What of a state is tensors; between the moves of an iteration its average stands still. */
type StateTensors = Pick<State, 'params' | 'optimiser'> & Partial<Pick<State, 'ema'>>;

/** The two optimisers of a game. */
export interface Optimisers {
  readonly primal: Optimiser;
  readonly dual: Optimiser;
}

/** The state before the first step. */
export function initialState(
  model: Model,
  optimisers: Optimisers,
  {
    seed,
    x,
    condition,
    ema,
    adopt = (params) => params,
  }: {
    seed: number;
    x: Shape;
    condition?: Shape | undefined;
    ema: boolean;
    /** Parameters to begin with in place of the model's own. */
    adopt?: ((params: ModelParams) => ModelParams) | undefined;
  },
): State {
  return scope(() => {
    const params = adopt(model.init(fold(key(seed), 'init'), x, condition));
    return {
      step: 0,
      params,
      ema: ema ? (mapTree(params.primal, (t) => clone(t)) as ModelParams['primal']) : undefined,
      optimiser: {
        primal: optimisers.primal.init(params.primal),
        dual: optimisers.dual.init(params.dual),
      },
      best: undefined,
    };
  });
}

/** The tensors of a state as one tree; its paths are the names in a checkpoint. */
export function stateTree({ params, ema, optimiser }: StateTensors): Params {
  return {
    params: { ...params.primal, dual: params.dual },
    ...(ema && { ema }),
    optimiser: { primal: optimiser.primal, dual: optimiser.dual },
  };
}

/** The inverse of `stateTree`. */
export function stateFromTree(tree: Params, step: number, best: Best | undefined): State {
  const { params, ema, optimiser } = tree as {
    params: ModelParams['primal'] & { dual: ModelParams['dual'] };
    ema?: ModelParams['primal'];
    optimiser: State['optimiser'];
  };
  const { dual, ...primal } = params;
  return { step, params: { primal: primal, dual }, ema, optimiser, best };
}

/** The same state in tensors of its own, which share their data with those given. */
export function copyOf(state: State): State {
  return stateFromTree(
    mapTree(stateTree(state), (tensor) => clone(tensor)),
    state.step,
    state.best,
  );
}

/** Disposes every tensor of a state. */
export function disposeState(state: State): void {
  disposeTree(stateTree(state));
}

/** Disposes the tensors of the states `before` that are not in `after` as well. */
export function disposeReplaced(before: readonly StateTensors[], after: StateTensors): void {
  const alive = new Set(leaves(stateTree(after)));
  for (const tensor of before.flatMap((state) => leaves(stateTree(state))))
    if (!alive.has(tensor) && !tensor.isDisposed) tensor.dispose();
}
