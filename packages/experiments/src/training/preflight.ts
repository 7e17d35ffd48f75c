import { preflight, type Kernels } from '@elbo/backends';
import { NumericalError, type Registry } from '@elbo/core';
import { blocksOf, type Sets } from '@elbo/datasets';
import { leastRows, type Model } from '@elbo/objectives';
import { expectRowsFor, train, trainOptions, validationBatch } from '@elbo/training';
import { getBackend } from '@tensorflow/tfjs-core';
import type { ResolvedConfig } from '../config/run_config.js';
import { expectRoom, pairBytes, roomOn } from '../room.js';
import { initialFor } from './restore.js';

/** Rows of the trial: enough for what compares rows. */
const rows = 8;

/** Minibatches from here on are worth a second trial, which tells what a row takes. */
const large = 2048;

/** Rows to validate the trial on, in blocks of `rows`: one block, and as many rows as validation's last block has. */
function rowsOfTrial(model: Model, size: number): number {
  const last = blocksOf(size, validationBatch, leastRows(model)).at(-1)?.count ?? size;
  return last < rows && last < size ? rows + last : rows;
}

/**
 * Trains a model for one step that is thrown away; of a large minibatch it estimates the memory too, by how much more a
 * step of more rows takes.
 *
 * @throws RequestError when there is too little of that, and as `tryOneStep`.
 */
export async function tryTraining(
  model: Model,
  config: Pick<ResolvedConfig, 'training' | 'workers'>,
  sets: Sets,
  registry: Registry,
): Promise<void> {
  const { batchSize } = config.training;
  const one = await tryOneStep(model, config, sets, registry);
  const share = Math.ceil(batchSize / config.workers);
  if (share < large) return;
  const other = await tryOneStep(model, config, sets, registry, 4 * rows);
  const row = Math.max(0, other.peakBytes - one.peakBytes) / (3 * rows);
  expectRoom(
    `A minibatch of ${batchSize} rows`,
    one.peakBytes + (share - rows) * row + pairBytes(model, share),
    roomOn(getBackend()),
    'lower --batch-size (training.batchSize)',
  );
}

/**
 * Trains a model for one step that is thrown away, and validates it, so that what would end the run hours later ends it
 * now: kernels which the backend lacks, or a block of validation too small for a term that compares rows.
 *
 * @throws BackendError that names the kernels; DataError that names the term.
 */
export function tryOneStep(
  model: Model,
  { training }: Pick<ResolvedConfig, 'training'>,
  { train: data, validation, test }: Sets,
  registry: Registry,
  trained: number = rows,
): Promise<Kernels> {
  expectRowsFor(model, test.size, `a test on ${test.name}`);
  const size = Math.min(training.validateRows ?? validation.size, validation.size);
  const options = {
    ...trainOptions(training, registry, { held: validation }),
    validate: { data: validation, every: 1, rows: rowsOfTrial(model, size), batchSize: rows },
    steps: 1,
    warmUp: 0,
    batchSize: Math.min(trained, training.batchSize),
  };
  return preflight(async () => {
    const session = train(model, data, {
      ...options,
      from: initialFor(model, training, data, registry),
    });
    try {
      // eslint-disable-next-line @typescript-eslint/no-unused-vars -- what it reports does not matter
      for await (const _ of session);
    } catch (error) {
      // That a step diverges is for training itself to say, once there is a checkpoint to go back to.
      if (!(error instanceof NumericalError)) throw error;
    } finally {
      session.dispose();
    }
  });
}
