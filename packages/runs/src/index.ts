export { keepEvaluation, readEvaluations, sameQuestion } from './evaluations/keep.js';
export { readNotes } from './report/notes.js';
export { chartLibrary } from './report/uplot.js';
export { rebuildReport, writeReport } from './report/write.js';
export {
  chosenCheckpoint,
  hasBestCheckpoint,
  latestCheckpoint,
  type CheckpointChoice,
  type FoundCheckpoint,
} from './run/checkpoints.js';
export { freshFolder } from './run/fresh_folder.js';
export { metricsLine, readMetrics } from './run/metrics.js';
export { metricsLogger, type MetricsLogger } from './run/metrics_logger.js';
export {
  createRun,
  holdsRun,
  openRun,
  type CreateRunOptions,
  type RunConfig,
  type RunDirectory,
} from './run/run.js';
