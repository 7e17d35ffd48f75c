import { preflight, type Kernels } from '@elbo/backends';
import { NumericalError, type Registry } from '@elbo/core';
import type { Model } from '@elbo/objectives';
import { train, trainOptions } from '@elbo/training';
import type { Sets } from './data.js';
import { initialFor } from './restore.js';
import type { ResolvedConfig } from './run_config.js';

/** Rows of the trial: enough for what compares rows. */
const rows = 8;

/**
 * Trains a model for one step that is thrown away, and validates it, so that kernels which the backend lacks are met now.
 *
 * @throws BackendError that names them.
 */
export function tryOneStep(
  model: Model,
  { training }: Pick<ResolvedConfig, 'training'>,
  { train: data, validation }: Sets,
  registry: Registry,
): Promise<Kernels> {
  const options = {
    ...trainOptions({ ...training, validateEvery: 1, validateRows: rows }, registry, {
      held: validation,
    }),
    steps: 1,
    warmUp: 0,
    batchSize: Math.min(rows, training.batchSize),
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
