import { paramsAt, type Params } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import { detach, gradientsOf, scope, type Differentiated } from '@elbo/gradients';
import {
  evaluateTerms,
  type Batch,
  type ForwardPass,
  type Model,
  type ModelParams,
  type Moment,
  type Part,
} from '@elbo/objectives';
import { ofRows, type BatchRows } from '@elbo/random';
import { dispose, keep, mul, type Scalar } from '@tensorflow/tfjs-core';
import { toBatch } from './feed.js';
import type { GradientSource, MoveGradients, PlayerGradients, Players } from './gradient_source.js';

/**
 * Gradients that this thread computes, on the current backend.
 *
 * @param partOf The rows of each minibatch of so many that are this thread's, where others have the rest; all by default.
 * Gradients and measurements of parts are shares: those of all parts add up to the minibatch's.
 */
export function localGradients(
  model: Model,
  data: Dataset,
  partOf?: (rows: number) => BatchRows,
): GradientSource {
  return {
    model,
    data,
    open: async ({ rows, key }) => {
      const part = partOf?.(rows.length);
      const { first, count } = part ?? { first: 0, count: rows.length };
      const read = data.read(rows.subarray(first, first + count), part ? ofRows(key, part) : key);
      const batch = toBatch(
        read instanceof Promise ? await read : read,
        data.shape,
        data.name,
        model,
      );
      return {
        differentiate: (params, moment, players) =>
          Promise.resolve().then(() => differentiate(model, params, batch, moment, players, part)),
        dispose: () => {
          dispose(Object.values(batch));
        },
      };
    },
  };
}

/** The gradients of the players that move, from one tape. */
function differentiate(
  model: Model,
  params: ModelParams,
  batch: Batch,
  { step, key }: Omit<Moment, 'training'>,
  players: Players,
  part: BatchRows | undefined,
): MoveGradients {
  const { primal, dual } = params;
  const parts = players.primal ? partsOf(model, primal) : [];
  const trees: Record<string, Params> = {};
  if (players.dual) trees.dual = dual;
  for (const name of parts) trees[name] = name === 'all' ? primal : paramsAt(primal, name);

  // Of a mean over the minibatch, some rows' mean contributes their share.
  const share = (mean: Scalar): Scalar => (part ? mul(mean, part.count / part.of) : mean);
  // Terms may have any name, so nothing is inherited.
  const measured = Object.create(null) as Record<string, Scalar>;
  let forward: ForwardPass | undefined;
  try {
    return scope(() => {
      const found = gradientsOf(() => {
        const noise = part ? ofRows(key, part) : key;
        forward = model.forward(primal, batch, { step, key: noise, training: true });
        const evaluated = evaluateTerms(model, forward, dual);
        const losses: Record<string, Scalar> = {};
        if (players.dual) losses.dual = share(evaluated.dual());
        for (const name of parts)
          losses[name] = share(evaluated.primal(name === 'all' ? undefined : name));
        // They outlive the tape, which has nothing to learn from them.
        for (const [name, value] of Object.entries(evaluated.measure(players)))
          measured[name] = keep(share(detach(value)));
        return losses;
      }, trees);
      return {
        ...(players.primal && { primal: found.all ? only(found.all) : together(found, parts) }),
        ...(found.dual && { dual: only(found.dual) }),
        measured,
      };
    });
  } catch (error) {
    dispose(Object.values(measured));
    throw error;
  } finally {
    forward?.dispose();
  }
}

/** The primal player as one tree; or its parts as players of their own, when a term trains one of them only. */
function partsOf(model: Model, primal: ModelParams['primal']): readonly (Part | 'all')[] {
  if (!model.terms.some((term) => term.updates)) return ['all'];
  return (['encoder', 'decoder', 'prior'] as const).filter((part) => part in primal);
}

/** Without the loss, which is among what is measured. */
function only({ gradients, unreached }: Differentiated): PlayerGradients {
  return { gradients, unreached };
}

/** The parts of the primal player as one player again. */
function together(
  found: Readonly<Record<string, Differentiated>>,
  parts: readonly string[],
): PlayerGradients {
  return {
    gradients: Object.fromEntries(parts.map((part) => [part, found[part]!.gradients])),
    unreached: parts.flatMap((part) => found[part]!.unreached.map((path) => `${part}/${path}`)),
  };
}
