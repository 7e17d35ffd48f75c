import { ConfigError, type Json, type Store } from '@elbo/core';
import type { Dataset } from '@elbo/datasets';
import type { Optimiser } from '@elbo/optimisers';
import type { GradientSource } from './gradient_source.js';
import type { State } from './state.js';

/** How a model is trained. */
export interface TrainOptions {
  /** Iterations in all, those of `from` included. */
  readonly steps: number;
  /** Ends before a step that is another leg's, whatever is due at the end of `steps`; none by default. */
  readonly until?: number | undefined;
  readonly batchSize: number;
  /** Everything random follows from it: initialisation, row order, noise. */
  readonly seed: number;
  /** The primal player's optimiser. */
  readonly primal: Optimiser;
  /** The dual player's; the primal's rule by default. Its schedule counts its own steps, `dualSteps` an iteration. */
  readonly dual?: Optimiser;
  /** Dual steps in an iteration; 1 by default. */
  readonly dualSteps?: number;
  /** Whether both players step from one pass; false by default. */
  readonly simultaneous?: boolean;
  /** Iterations at the start in which only the dual player moves; 0 by default. */
  readonly warmUp?: number;
  /** The decay of a moving average of the primal player's parameters; none by default. */
  readonly ema?: number;
  /** Prefixes of parameter paths that no loss need reach. */
  readonly frozen?: readonly string[];
  /** Where gradients come from, for this model and these data; this thread by default. */
  readonly gradients?: GradientSource;
  /** Steps between reports; 100 by default. */
  readonly every?: number;
  /** Validation on held-out data every so many steps, with the moving average where there is one. */
  readonly validate?: {
    readonly data: Dataset;
    readonly every: number;
    /** Rows looked at; all by default. */
    readonly rows?: number;
    readonly batchSize?: number;
  };
  /**
   * Watches a validation metric, by default the ELBO, or the reconstruction of a model without one: keeps the checkpoint
   * of the best step, and ends the run when `patience` validations in turn were no better, if it is given.
   */
  readonly early?: { readonly metric?: string; readonly patience?: number };
  /**
   * Checkpoints every so many steps, at the end and when aborted; the last `keep` (3) stay, and with `early` that of the
   * best step, unless `best` is false.
   */
  readonly checkpoint?: {
    readonly store: Store;
    readonly every: number;
    readonly keep?: number;
    readonly best?: boolean;
  };
  /** A state to go on from; the run takes it over. */
  readonly from?: State;
  /** Ends the run after the step in progress, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Written into checkpoints, so that a file alone is enough to rebuild the run. */
  readonly config?: Json;
}

/** @throws ConfigError that names the first option which makes no sense. */
export function checkOptions(options: TrainOptions): void {
  const whole = (name: string, value: number | undefined, least: number): void => {
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= least))
      throw new ConfigError(
        `train: \`${name}\` must be a whole number of at least ${least}, not ${value}.`,
      );
  };
  whole('steps', options.steps, 1);
  whole('until', options.until, 1);
  whole('batchSize', options.batchSize, 1);
  whole('seed', options.seed, Number.MIN_SAFE_INTEGER);
  whole('dualSteps', options.dualSteps, 1);
  whole('warmUp', options.warmUp, 0);
  whole('every', options.every, 1);
  whole('validate.every', options.validate?.every, 1);
  whole('validate.rows', options.validate?.rows, 1);
  whole('early.patience', options.early?.patience, 1);
  whole('checkpoint.every', options.checkpoint?.every, 1);
  whole('checkpoint.keep', options.checkpoint?.keep, 1);
  if (options.ema !== undefined && !(options.ema >= 0 && options.ema < 1))
    throw new ConfigError(`train: \`ema\` is a decay in [0, 1), not ${options.ema}.`);
  if (options.early && !options.validate)
    throw new ConfigError('train: `early` watches validation, so it needs `validate`.');
}
