import { CompositionError, ConfigError, ElboError, disposeTree } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { localGradients, type GradientSource } from '@elbo/training';
import { getBackend } from '@tensorflow/tfjs-core';
import { addressOf } from './plugins.js';
import { sharedGradients } from './shared_gradients.js';
import { layoutOf, sharedLeaves, sharedMemory, type Layout, skeleton } from './shared_tree.js';
import { startThread, type Thread } from './thread.js';

/** How workers are started. */
export interface WorkersOptions {
  /** How many, with this thread, which is the first; no more than the cores that are free. */
  readonly workers: number;
  /**
   * Modules that export `kinds`, by name, path or address: what the configs of the model and the data can name.
   * Procedural datasets are known.
   */
  readonly plugins: readonly string[];
  /** The backend of each; this thread's by default, which gives the same bits. */
  readonly backend?: string;
  /** Where each looks for the files of its data first; see `buildDataset` of `@elbo/datasets/node`. */
  readonly dataDir?: string;
}

/** Workers that share the minibatches of one run at a time. */
export interface Workers {
  /** For the option `gradients` of `train`. */
  readonly gradients: GradientSource;
  /** Ends the threads; again does nothing. */
  close(): Promise<void>;
}

/**
 * Starts workers that train a model together: each in a thread with a backend of its own, with model and data rebuilt
 * from their configs, on its part of every minibatch. The first is this thread.
 *
 * @throws ConfigError for options that do not fit; CompositionError for a model with a term that couples the rows of a
 * minibatch; WorkerError when a worker cannot start.
 */
export async function startWorkers(
  model: Model,
  data: Dataset,
  { workers, plugins, backend = getBackend(), dataDir }: WorkersOptions,
): Promise<Workers> {
  if (!Number.isSafeInteger(workers) || workers < 1)
    throw new ConfigError(`startWorkers: \`workers\` must be at least 1, not ${workers}.`);
  const coupled = model.terms.find((term) => term.coupling);
  if (workers > 1 && coupled)
    throw new CompositionError(
      `The term '${coupled.name}' couples the rows of a minibatch, so workers that each see a part of it would train a different model: use one worker.`,
    );

  const threads: Thread[] = [];
  let closed = false;
  const close = async (): Promise<void> => {
    closed = true;
    await Promise.all(threads.splice(0).map((thread) => thread.close()));
  };
  const checkOpen = (): void => {
    if (closed) throw new ElboError('These workers are closed: start new ones.');
  };
  if (workers === 1) return { gradients: localGradients(model, data), close };

  const layout = layoutFor(model, data);
  const params = sharedMemory(layout);
  const shared = { workers, model: model.config, data: data.config, backend, dataDir, layout };
  const addresses = plugins.map(addressOf);
  const memories = Array.from({ length: workers - 1 }, () => sharedMemory(layout));
  const starts = memories.map(async (gradients, i) => {
    const assignment = { ...shared, worker: i + 1, plugins: addresses, params, gradients };
    const thread = await startThread(assignment);
    threads.push(thread);
    return { thread, gradients: sharedLeaves(layout, gradients) };
  });
  const started = await Promise.allSettled(starts);
  const failure = started.find((start) => start.status === 'rejected');
  if (failure) {
    await close();
    throw failure.reason;
  }
  const colleagues = started.flatMap((start) =>
    start.status === 'fulfilled' ? [start.value] : [],
  );
  return {
    gradients: sharedGradients({
      model,
      data,
      colleagues,
      params: sharedLeaves(layout, params),
      checkOpen,
    }),
    close,
  };
}

/** Of the parameters of both players. */
function layoutFor(model: Model, data: Dataset): Layout {
  const params = skeleton(model, data);
  try {
    return layoutOf(params);
  } finally {
    disposeTree(params);
  }
}
