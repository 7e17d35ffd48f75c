export { encodeOnnx, type ExportOptions } from './encode.js';
export type { ExportPart } from './graph/model_graph.js';
