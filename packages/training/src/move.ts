import { CompositionError, leaves, type Params } from '@elbo/core';
import { gradientsOf, type Differentiated } from '@elbo/gradients';
import {
  play,
  type Batch,
  type Model,
  type ModelParams,
  type OpenPass,
  type Part,
} from '@elbo/objectives';
import { squaredNorm } from '@elbo/ops';
import type { Key } from '@elbo/random';
import { clone, dispose, keep, sqrt, type Scalar } from '@tensorflow/tfjs-core';
import type { Rules } from './game.js';
import type { State } from './state.js';

/** Scalars on the device, by name. */
export type Measured = Readonly<Record<string, Scalar>>;

/** Who moves, and the number of steps that each player's optimiser has made before. */
export interface Move {
  readonly name: string;
  readonly primal?: number;
  readonly dual?: number;
}

/** What a move changes. */
export interface Position {
  readonly params: ModelParams;
  readonly optimiser: State['optimiser'];
}

/** One move: a pass, the gradients of the players that move, their optimisers' steps. Kept metrics are the caller's. */
export function make(
  model: Model,
  { params, optimiser }: Position,
  batch: Batch,
  moment: { readonly step: number; readonly key: Key },
  move: Move,
  rules: Rules,
): { readonly position: Position; readonly measured: Measured } {
  const parts = move.primal === undefined ? [] : partsOf(model, params.primal);
  const measured: Record<string, Scalar> = {};
  const found = differentiate(
    model,
    params,
    batch,
    { ...moment, training: true },
    move,
    parts,
    measured,
  );
  try {
    checkReached(found, move, rules.frozen);

    let position: Position = { params, optimiser };
    const step = (player: 'primal' | 'dual', at: number, gradients: Params): void => {
      // A player may have nothing to learn: a decoder that is given, a discriminator in closed form.
      if (leaves(gradients).length === 0) return;
      measured[`gradient/${player}`] = keep(sqrt(squaredNorm(leaves(gradients))));
      const next = rules.optimisers[player].step(gradients, optimiser[player], params[player], at);
      position = {
        params: { ...position.params, [player]: next.params },
        optimiser: { ...position.optimiser, [player]: next.state },
      };
    };
    if (move.dual !== undefined) step('dual', move.dual, found.dual!.gradients);
    if (move.primal !== undefined)
      step(
        'primal',
        move.primal,
        parts.includes('all')
          ? found.all!.gradients
          : Object.fromEntries(parts.map((part) => [part, found[part]!.gradients])),
      );
    return { position, measured };
  } catch (error) {
    dispose(Object.values(measured));
    throw error;
  }
}

/** The primal player as one tree; or its parts as players of their own, when a term trains one of them only. */
function partsOf(model: Model, primal: ModelParams['primal']): readonly (Part | 'all')[] {
  if (!model.terms.some((term) => term.updates)) return ['all'];
  return (['encoder', 'decoder'] as const).filter((part) => part in primal);
}

/** The gradients of the players that move, from one tape; `measured` receives kept copies of the metrics. */
function differentiate(
  model: Model,
  { primal, dual }: ModelParams,
  batch: Batch,
  moment: { readonly step: number; readonly key: Key; readonly training: boolean },
  move: Move,
  parts: readonly (Part | 'all')[],
  measured: Record<string, Scalar>,
): Readonly<Record<string, Differentiated>> {
  const trees: Record<string, Params> = {};
  if (move.dual !== undefined) trees.dual = dual;
  for (const part of parts) trees[part] = part === 'all' ? primal : primal[part]!;

  let open: OpenPass | undefined;
  try {
    return gradientsOf(() => {
      open = model.open(primal, batch, moment);
      const played = play(model, open, dual);
      const losses: Record<string, Scalar> = {};
      if (move.dual !== undefined) losses.dual = played.dual();
      for (const part of parts) losses[part] = played.primal(part === 'all' ? undefined : part);
      const players = { primal: move.primal !== undefined, dual: move.dual !== undefined };
      for (const [name, value] of Object.entries(played.measure(players)))
        measured[name] = keep(clone(value));
      return losses;
    }, trees);
  } catch (error) {
    dispose(Object.values(measured));
    throw error;
  } finally {
    open?.dispose();
  }
}

/** Fails at a player's first move when a parameter of it is reached by no loss. */
function checkReached(
  found: Readonly<Record<string, Differentiated>>,
  move: Move,
  frozen: readonly string[],
): void {
  for (const [player, { unreached }] of Object.entries(found)) {
    if ((player === 'dual' ? move.dual : move.primal) !== 0) continue;
    const missed = unreached
      .map((path) => (player === 'encoder' || player === 'decoder' ? `${player}/${path}` : path))
      .filter((path) => !frozen.some((prefix) => path.startsWith(prefix)));
    if (missed.length === 0) continue;
    throw new CompositionError(
      `No loss of the ${player === 'dual' ? 'dual' : 'primal'} player reaches ${missed.join(', ')}: they would never be trained. Use them in a term, or list them as frozen.`,
    );
  }
}
