export { csv, shortest, type Cell } from './arrays/csv.js';
export { npy } from './arrays/npy.js';
export type {
  Diagnostic,
  Headline,
  Provenance,
  ReportData,
  ReportImage,
  ReportNotes,
  ReportRows,
} from './data.js';
export type { Evaluation, Figure } from './evaluation.js';
export { flattenConfig, formatDuration, formatFigure, formatValue } from './format.js';
export { grid, pairGrid, pictureBytes, type GridOptions } from './images/grid.js';
export { pca, type Projection } from './latent/pca.js';
export { scatterSvg, type ScatterOptions } from './latent/scatter.js';
export type { MetricsLine } from './metrics_line.js';
export type { ChartLibrary } from './pages/chart_library.js';
export { renderComparison, type ComparisonData, type ComparisonTable } from './pages/comparison.js';
export { renderReport } from './pages/report.js';
