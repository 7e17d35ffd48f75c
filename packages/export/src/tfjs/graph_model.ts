import { CompositionError } from '@elbo/core';
import type { Description } from '../describe.js';
import { isOfRows, type Constant, type Form, type Graph } from '../graph/graph.js';
import { rules } from './rules.js';
import { tfWriter, types } from './writer.js';

/** A graph model of TensorFlow.js: two files of one folder. */
export interface GraphModel {
  /** `model.json`: the graph, and where its weights are. */
  readonly model: Uint8Array;
  /** The weights, in the file that it names. */
  readonly weights: Uint8Array;
}

/** The name of the file of weights. */
export const weightsFile = 'weights.bin';

const sizes = ({ shape }: Form): { readonly dim: readonly { readonly size: string }[] } => ({
  dim: shape.map((dim) => ({ size: String(isOfRows(dim) ? -1 : dim) })),
});

/**
 * A graph as a graph model of TensorFlow.js.
 *
 * @throws CompositionError that names a kernel which has no counterpart.
 */
export function graphModelOf(
  graph: Graph,
  { part, description, metadata }: Description,
): GraphModel {
  const { writer, nodes, constants, nameOf } = tfWriter(graph, part);
  for (const node of graph.nodes) {
    const rule = rules.get(node.kernel);
    if (!rule)
      throw new CompositionError(
        `The ${part} cannot be exported as a graph model: it uses ${node.kernel}, which has no rule.`,
      );
    rule(node, writer);
  }
  for (const [name, value] of graph.outputs) writer.op('Identity', [nameOf(value)], {}, name);
  const all = new Map([...graph.constants, ...constants]);
  const { weights, specs } = packed(all);
  const given = graph.inputs.map((input) => ({
    name: input.name,
    op: 'Placeholder',
    attr: { shape: { shape: sizes(input) }, dtype: { type: types[input.dtype] } },
  }));
  const held = [...all].map(([name, { dtype }]) => ({
    name,
    op: 'Const',
    attr: { dtype: { type: types[dtype] } },
  }));
  const signed = (name: string, form: Form) =>
    [name, { name: `${name}:0`, dtype: types[form.dtype], tensorShape: sizes(form) }] as const;
  const json = {
    format: 'graph-model',
    generatedBy: 'Elbo',
    convertedBy: null,
    signature: {
      inputs: Object.fromEntries(graph.inputs.map((input) => signed(input.name, input))),
      outputs: Object.fromEntries(
        [...graph.outputs].map(([name, value]) => signed(name, graph.forms.get(value)!)),
      ),
    },
    userDefinedMetadata: { description, ...metadata },
    modelTopology: { node: [...given, ...held, ...nodes], library: {}, versions: {} },
    weightsManifest: [{ paths: [weightsFile], weights: specs }],
  };
  return { model: new TextEncoder().encode(JSON.stringify(json)), weights };
}

/** Constants one after the other, and where each is. */
function packed(constants: ReadonlyMap<string, Constant>): {
  readonly weights: Uint8Array;
  readonly specs: readonly Pick<Constant, 'shape' | 'dtype'>[];
} {
  const all = [...constants.values()];
  const weights = new Uint8Array(all.reduce((sum, { values }) => sum + values.byteLength, 0));
  let at = 0;
  for (const { values } of all) {
    weights.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const specs = [...constants].map(([name, { shape, dtype }]) => ({ name, shape, dtype }));
  return { weights, specs };
}
