export { compare, comparisonPage, type Comparison } from './comparison/compare.js';
export type { ComparedRun } from './comparison/compared_run.js';
export { configDifferences, type Difference } from './comparison/differences.js';
export { questionsTo, type Asked } from './comparison/paired.js';
export { figureTables, parametersOf } from './comparison/tables.js';
export { fileOptions } from './config/data.js';
export type { Further } from './config/legs.js';
export {
  resolveConfig,
  resolveRecipe,
  resolveRun,
  type ConfigRequest,
  type RecipeRequest,
  type Resolution,
  type RunRequest,
  type TrainingRequest,
} from './config/resolve.js';
export { drawnFrom, type DrawnRows, type RowForm } from './config/row_form.js';
export type { ComposedTraining } from './config/resolve_composed.js';
export { modelParts, type PartName, type WarmStart } from './config/warm_start.js';
export type { ResolvedConfig } from './config/run_config.js';
export type { Setting } from './config/settings.js';
export { evaluate, keep, measure, type Kept, type Measured } from './evaluation/evaluate.js';
export { figuresByName, lineOf, resultOf } from './evaluation/evaluation.js';
export type { Evaluated, Metric, MetricOptions } from './evaluation/metric.js';
export { isResumable, metricNamed } from './evaluation/metrics.js';
export { quiet, type Host, type Progress } from './host.js';
export { knownWith, withPlugins, type Additions, type Known } from './known.js';
export { RequestError } from './request_error.js';
export { cardHead, modelCard } from './reports/card.js';
export { expectPicture, pairBytes } from './room.js';
export { tryOneStep, tryTraining } from './training/preflight.js';
export { formatMetrics } from './training/progress_line.js';
export { trainInto, type TrainIntoOptions } from './training/train_into.js';
export {
  trainResolved,
  type EndedBefore,
  type TrainResolvedOptions,
} from './training/train_resolved.js';
export type { EndedRun } from './training/train_to_end.js';
export type { StartedRun, TrainingHost } from './training/training_host.js';
export { imputeTable, type ImputedTable, type ImputeTableOptions } from './use/impute_table.js';
export type { ImputedCell } from './use/imputed_cell.js';
export { codes, codesCsv, codesNpy, type Codes, type CodesOptions } from './use/codes.js';
export { interpolation, type InterpolationOptions, type Path } from './use/interpolation.js';
export {
  loadRun,
  loadRunWithData,
  type LoadedRun,
  type LoadRunOptions,
  type RunWithData,
} from './use/load_run.js';
export { isImages } from './use/parts.js';
export { latentSvg, reconstructionsPng } from './use/pictures.js';
export { otherRows } from './use/other_rows.js';
export { onRows, type RowsRead } from './use/rows.js';
export {
  samples,
  samplesPng,
  usualDrawn,
  type Drawn,
  type Samples,
  type SamplesOptions,
} from './use/samples.js';
export { scores, scoresCsv, type ScoreBy, type Scores, type ScoresOptions } from './use/scores.js';
export { traversal, type Traversal, type TraversalOptions } from './use/traversal.js';
export { valuesCsv, valuesNpy, valuesPng, valuesPngs, type Values } from './use/values.js';
export { ownVersion } from './versions.js';
