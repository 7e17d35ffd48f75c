export {
  bestCheckpointName,
  checkpointName,
  checkpointNames,
  decodeCheckpoint,
  encodeCheckpoint,
  numerics,
  stateFrom,
  type Checkpoint,
} from './checkpoint.js';
export {
  keepsBest,
  parseTrainingConfig,
  trainingOptionNames,
  trainingOptionTypes,
  trainOptions,
  type TrainingConfig,
} from './config.js';
export { toBatch } from './feed.js';
export type {
  GradientSource,
  Measured,
  MoveGradients,
  OpenBatch,
  PlayerGradients,
  Players,
} from './gradient_source.js';
export { expectRowsFor } from './least_rows.js';
export { furtherLeg, type Leg } from './legs.js';
export { localGradients } from './local_gradients.js';
export { memoryStore } from './memory_store.js';
export type { TrainOptions } from './options.js';
export { readBlocks, type ReadBlock, type ReadBlocksOptions } from './read_blocks.js';
export { disposeState, initialState, type Best, type Optimisers, type State } from './state.js';
export type { Ending, Report, Run } from './run.js';
export { train } from './train.js';
export { validate, validationBatch, type ValidateOptions } from './validate.js';
export { watchedMetric, type Watched } from './watch.js';
export type { Store } from '@elbo/core';
