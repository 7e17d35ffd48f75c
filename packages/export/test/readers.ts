import { onnxOf } from '../src/onnx/onnx_of.js';
import type { ExportPart } from '../src/index.js';
import { graphModelOf } from '../src/tfjs/graph_model.js';
import { runOnnx, runtime } from './onnx.js';
import type { Readers } from './support.js';
import { runGraphModel } from './tfjs.js';

/** Every format, and who reads it: those that are here. */
export const readers = (part: ExportPart): Readers => {
  const description = { part, description: '', metadata: {} };
  return {
    ...(runtime && {
      'ONNX Runtime': (graph, given) => runOnnx(onnxOf(graph, description), given),
    }),
    'TensorFlow.js': (graph, given) => runGraphModel(graphModelOf(graph, description), given),
  };
};
