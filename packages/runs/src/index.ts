export { grid, pairGrid, pictureBytes, type GridOptions } from './images/grid.js';
export { pca, type Projection } from './latent/pca.js';
export { scatterSvg, type ScatterOptions } from './latent/scatter.js';
export { type Evaluation, type Figure } from './evaluations/evaluation.js';
export { keepEvaluation, readEvaluations, sameQuestion } from './evaluations/keep.js';
export type {
  Diagnostic,
  Headline,
  Provenance,
  ReportData,
  ReportImage,
  ReportNotes,
} from './report/data.js';
export {
  renderComparison,
  type ComparisonData,
  type ComparisonTable,
} from './report/comparison.js';
export { flattenConfig, formatDuration, formatFigure, formatValue } from './report/format.js';
export { readNotes } from './report/notes.js';
export { renderReport } from './report/render.js';
export { rebuildReport, writeReport } from './report/write.js';
export { freshFolder } from './run/fresh_folder.js';
export {
  chosenCheckpoint,
  hasBestCheckpoint,
  latestCheckpoint,
  type CheckpointChoice,
  type FoundCheckpoint,
} from './run/checkpoints.js';
export { metricsLine, readMetrics, type MetricsLine } from './run/metrics.js';
export { metricsLogger, type MetricsLogger } from './run/metrics_logger.js';
export {
  createRun,
  openRun,
  type CreateRunOptions,
  type RunConfig,
  type RunDirectory,
} from './run/run.js';
