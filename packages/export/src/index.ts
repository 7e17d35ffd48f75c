export { encodeGraphModel, encodeOnnx, type ExportOptions } from './encode.js';
export type { ExportPart } from './graph/model_graph.js';
export { weightsFile, type GraphModel } from './tfjs/graph_model.js';
