import type { Dataset, Sets } from '@elbo/datasets';
import type { Model } from '@elbo/objectives';
import { resolveComposed, type ComposedTraining } from '../config/resolve_composed.js';
import { quiet } from '../host.js';
import { knownWith, type Known } from '../known.js';
import { trainResolved, type EndedBefore } from './train_resolved.js';
import type { EndedRun } from './train_to_end.js';
import type { TrainingHost } from './training_host.js';

/** How a model is trained into a folder. */
export interface TrainIntoOptions extends ComposedTraining {
  /** How the run is made again, for its report. */
  readonly command?: string | undefined;
}

/**
 * Trains a model that your program composed into a run directory: with checkpoints, metrics and a report, as the command does. The
 * same program run again goes on where it was interrupted, to the same bits; with more `steps` it trains these too; a run that has
 * ended is left as it is.
 *
 * @param folder The run's; made where it is missing.
 * @param data Three sets, or one of which a tenth each is held out to validate and to test on.
 * @param known What else the model and the data are made of: the run's optimisers are built from it, and with it `loadRun` and
 * `elbo --plugin` open the run again. Everything of Elbo by default.
 * @throws RequestError when the folder holds the run of another model, data or training, or memory is short; FileError when it cannot
 * be written, or another process trains into it; BackendError, DataError or NumericalError from training.
 *
 * @example
 * ```ts
 * import { standardNormal } from '@elbo/core';
 * import { fourPixels } from '@elbo/datasets';
 * import { bernoulliDecoder } from '@elbo/decoders';
 * import { gaussianEncoder } from '@elbo/encoders';
 * import { trainInto } from '@elbo/experiments';
 * import { mlp } from '@elbo/networks';
 * import { compose, kl, reconstruction, weight } from '@elbo/objectives';
 * import { adam } from '@elbo/optimisers';
 * import { mmd } from '@elbo/wvae';
 *
 * const network = mlp({ hidden: [16] });
 * const model = compose({
 *   prior: standardNormal(2),
 *   encoder: gaussianEncoder({ network, latent: 2 }),
 *   decoder: bernoulliDecoder({ network, shape: [2, 2, 1] }),
 *   terms: [reconstruction(), kl(), weight(mmd(), 5)],
 * });
 * const data = { train: fourPixels(), validation: fourPixels(), test: fourPixels() };
 * const training = { steps: 20, batchSize: 16, seed: 1, primal: adam(1e-3) };
 * const { step, ended } = await trainInto('runs/hybrid', model, data, training);
 * console.log(step, ended); // 20 steps
 * ```
 */
export async function trainInto(
  folder: string,
  model: Model,
  data: Dataset | Sets,
  { command, ...training }: TrainIntoOptions,
  known: Known = knownWith({}),
  host: TrainingHost = quiet,
): Promise<EndedRun | EndedBefore> {
  const resolution = await resolveComposed(folder, model, data, training, known);
  const where = { out: folder, ...(command !== undefined && { command }) };
  return trainResolved(resolution, where, known, host);
}
