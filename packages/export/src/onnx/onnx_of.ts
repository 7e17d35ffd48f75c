import { CompositionError } from '@elbo/core';
import type { Description } from '../describe.js';
import type { Graph } from '../graph/graph.js';
import { bytesOf, modelProto, nodeProto, tensor, valueInfo } from './messages.js';
import { arrangements } from './rules/arrangements.js';
import { elementwise } from './rules/elementwise.js';
import { products } from './rules/products.js';
import { reductions } from './rules/reductions.js';
import { onnxWriter, type OnnxRule } from './writer.js';

const rules: ReadonlyMap<string, OnnxRule> = new Map(
  Object.entries({ ...elementwise, ...reductions, ...arrangements, ...products }),
);

/**
 * A graph as an ONNX file, with operators of version 17.
 *
 * @throws CompositionError that names a kernel which has no counterpart.
 */
export function onnxOf(graph: Graph, { part, description, metadata }: Description): Uint8Array {
  const { writer, nodes, initializers } = onnxWriter(graph, part);
  for (const [name, constant] of graph.constants)
    initializers.push(tensor(name, constant.shape, constant.dtype, bytesOf(constant)));
  for (const node of graph.nodes) {
    const rule = rules.get(node.kernel);
    if (!rule)
      throw new CompositionError(
        `The ${part} cannot be exported as ONNX: it uses ${node.kernel}, which has no rule.`,
      );
    rule(node, writer);
  }
  for (const [name, value] of graph.outputs)
    nodes.push(nodeProto({ type: 'Identity', inputs: [value], outputs: [name], attributes: {} }));
  return modelProto({
    name: part,
    description,
    nodes,
    initializers,
    inputs: graph.inputs.map((input) => valueInfo(input.name, input)),
    outputs: [...graph.outputs].map(([name, value]) => valueInfo(name, graph.forms.get(value)!)),
    metadata,
  });
}
