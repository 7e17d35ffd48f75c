import type { ProtobufMessage } from '@elbo/core';
import type { Dims, Form, Graph, Node } from '../graph/graph.js';
import { sizeVectors } from '../graph/size_vectors.js';
import { nodeProto, tensor, type OnnxAttribute } from './messages.js';

/** What rules write with. */
export interface OnnxWriter {
  /** Adds an operator with one output, and gives its name. */
  op(
    type: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, OnnxAttribute>>,
    output?: string,
  ): string;
  /** Adds an operator with several outputs. */
  ops(
    type: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>>,
    outputs: readonly string[],
  ): void;
  /** Numbers that are whole, as a vector. */
  ints(values: readonly number[]): string;
  /** One number of the type of a value. */
  scalar(value: number, like?: string): string;
  /** A shape as a vector: constant, or of the number of rows. */
  shape(dims: Dims): string;
  /** What a value of the graph is like. */
  form(name: string): Form;
}

/** Writes one node of the graph. */
export type OnnxRule = (node: Node, to: OnnxWriter) => void;

/** A writer, and what it wrote. */
export interface Written {
  readonly writer: OnnxWriter;
  readonly nodes: ProtobufMessage[];
  readonly initializers: ProtobufMessage[];
}

/** @param part Names the graph in errors. */
export function onnxWriter({ inputs, forms }: Graph, part: string): Written {
  const nodes: ProtobufMessage[] = [];
  const initializers: ProtobufMessage[] = [];
  const made = new Map<string, string>();
  let count = 0;
  const fresh = (): string => `onnx_${count++}`;
  /** Every constant once. */
  const once = (name: string, make: (name: string) => ProtobufMessage): string => {
    if (!made.has(name)) {
      made.set(name, name);
      initializers.push(make(name));
    }
    return name;
  };
  const ints = (values: readonly number[]): string =>
    once(`ints_${values.join('_')}`, (name) =>
      tensor(
        name,
        [values.length],
        'int64',
        new Uint8Array(BigInt64Array.from(values, BigInt).buffer),
      ),
    );
  const op: OnnxWriter['op'] = (type, from, attributes = {}, output = fresh()) => {
    nodes.push(nodeProto({ type, inputs: from, outputs: [output], attributes }));
    return output;
  };
  const form = (name: string): Form => forms.get(name)!;
  const writer: OnnxWriter = {
    op,
    ops: (type, from, attributes, outputs) => {
      nodes.push(nodeProto({ type, inputs: from, outputs, attributes }));
    },
    ints,
    scalar: (value, like) => {
      const dtype = like === undefined ? 'float32' : form(like).dtype;
      const values = dtype === 'int32' ? Int32Array.of(value) : Float32Array.of(value);
      return once(`${dtype}_${value}`, (name) =>
        tensor(name, [], dtype, new Uint8Array(values.buffer)),
      );
    },
    shape: sizeVectors({ inputs }, part, {
      op,
      ints,
      concat: (sizes) => op('Concat', sizes, { axis: 0 }),
    }),
    form,
  };
  return { writer, nodes, initializers };
}
