import { ConfigError, ElboError, flatten, mapTree } from '@elbo/core';
import type { Model, ModelParams } from '@elbo/objectives';
import type { Dataset } from '@elbo/datasets';
import {
  localGradients,
  type GradientSource,
  type MoveGradients,
  type OpenBatch,
  type PlayerGradients,
} from '@elbo/training';
import { scalar, tensor, type Tensor } from '@tensorflow/tfjs-core';
import type { Reply } from './messages.js';
import { partOf } from './part.js';
import { share } from './shared_tree.js';
import type { Thread } from './thread.js';
import { disposeShare, sum } from './sum.js';

/** A worker in another thread, and the shared memory where it leaves its gradients. */
interface Colleague {
  readonly thread: Thread;
  readonly gradients: ReadonlyMap<string, Float32Array>;
}

/** What shared gradients are made of. */
interface SharedGradientsOptions {
  readonly model: Model;
  readonly data: Dataset;
  /** The workers after the first, which is this thread. */
  readonly colleagues: readonly Colleague[];
  /** Where the parameters are given to them. */
  readonly params: ReadonlyMap<string, Float32Array>;
  /** Fails when the workers were closed. */
  readonly checkOpen: () => void;
}

/**
 * Gradients that several workers share: this thread does the first part of each minibatch, its colleagues the others,
 * and the shares are added in their order.
 *
 * When a colleague stops in the middle of an iteration, this thread does that part too, so that the state which is
 * saved is that of a whole step; the next minibatch then fails.
 */
export function sharedGradients(options: SharedGradientsOptions): GradientSource {
  const { model, data, colleagues, params: shared, checkOpen } = options;
  const workers = colleagues.length + 1;
  const partsHere = Array.from({ length: workers }, (_, worker) =>
    localGradients(model, data, (of) => partOf(worker, workers, of)),
  );
  const sent = new Map<string, Tensor>();
  let inUse = false;

  /** Writes the parameters that are new since the last move where the others read them; gives their paths. */
  const publish = async (params: ModelParams): Promise<readonly string[]> => {
    const changed = flatten({ ...params }).filter(({ path, tensor }) => sent.get(path) !== tensor);
    for (const { path, tensor } of changed) {
      await share(tensor, shared.get(path)!);
      sent.set(path, tensor);
    }
    return changed.map(({ path }) => path);
  };

  const checkReady = (rows: number): void => {
    checkOpen();
    for (const { thread } of colleagues) if (thread.failure) throw thread.failure;
    if (inUse)
      throw new ElboError(
        'These workers are training another run: start others, or wait until it ends.',
      );
    if (rows < workers)
      throw new ConfigError(
        `A minibatch of ${rows} row${rows === 1 ? '' : 's'} does not divide among ${workers} workers: start fewer, or take larger minibatches.`,
      );
  };

  return {
    model,
    data,
    open: async (draw) => {
      checkReady(draw.rows.length);
      inUse = true;
      const opened: (OpenBatch | undefined)[] = [];
      const dispose = (): void => {
        for (const batch of opened) batch?.dispose();
        inUse = false;
      };
      const openHere = async (worker: number): Promise<OpenBatch> =>
        (opened[worker] ??= await partsHere[worker]!.open(draw));
      try {
        for (const { thread } of colleagues) thread.post({ kind: 'open', draw });
        await openHere(0);
      } catch (error) {
        dispose();
        throw error;
      }
      return {
        differentiate: async (params, moment, players) => {
          const changed = await publish(params);
          const answers = colleagues.map(({ thread }) =>
            thread.ask({ kind: 'differentiate', changed, moment, players }),
          );
          const here = async (worker: number): Promise<MoveGradients> =>
            (await openHere(worker)).differentiate(params, moment, players);
          let total = await here(0);
          try {
            for (const [i, { gradients }] of colleagues.entries()) {
              const answer = await answers[i];
              total = sum(total, answer ? received(answer, gradients, total) : await here(i + 1));
            }
            return total;
          } catch (error) {
            disposeShare(total);
            throw error;
          }
        },
        dispose,
      };
    },
  };
}

/** A colleague's share on the device, in the structure of this thread's. */
function received(
  answer: Reply,
  gradients: ReadonlyMap<string, Float32Array>,
  like: MoveGradients,
): MoveGradients {
  const player = (name: 'primal' | 'dual', { gradients: tree, unreached }: PlayerGradients) => ({
    gradients: mapTree(tree, ({ shape }, path) =>
      // Some backends alias the memory, which stays as it is until this share is added.
      tensor(gradients.get(`${name}/${path}`)!, shape, 'float32'),
    ),
    unreached,
  });
  const measured = answer.kind === 'done' ? answer.measured : {};
  return {
    ...(like.primal && { primal: player('primal', like.primal) }),
    ...(like.dual && { dual: player('dual', like.dual) }),
    measured: Object.fromEntries(
      Object.entries(measured).map(([name, value]) => [name, scalar(value)]),
    ),
  };
}
