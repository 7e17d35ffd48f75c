import type { Constant, Dims, Form, Graph, Node } from '../graph/graph.js';
import { sizeVectors } from '../graph/size_vectors.js';

/** An attribute of a node, as JSON has those of a `GraphDef`. */
export type TfAttribute =
  | { readonly i: number }
  | { readonly f: number }
  | { readonly b: boolean }
  | { readonly s: string }
  | { readonly type: string }
  | { readonly list: { readonly i: readonly number[] } }
  | { readonly shape: { readonly dim: readonly { readonly size: string }[] } };

/** A node of a `GraphDef`. */
interface TfNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, TfAttribute>>;
}

/** What rules write with. */
export interface TfWriter {
  /** Adds a node, and gives its name. */
  op(
    op: string,
    input: readonly string[],
    attr?: Readonly<Record<string, TfAttribute>>,
    name?: string,
  ): string;
  /** That a value of the graph is a further output of a node. */
  alias(value: string, output: string): void;
  /** A vector of whole numbers. */
  ints(values: readonly number[]): string;
  /** A number. */
  scalar(value: number, dtype?: 'float32' | 'int32'): string;
  /** A shape as a vector: constant, or of the number of rows. */
  shape(dims: Dims): string;
  /** What a value of the graph is like. */
  form(name: string): Form;
}

/** Writes one node of the graph. */
export type TfRule = (node: Node, to: TfWriter) => void;

/** TensorFlow's names of types. */
export const types: Readonly<Record<Form['dtype'], string>> = {
  float32: 'DT_FLOAT',
  int32: 'DT_INT32',
  bool: 'DT_BOOL',
};

/** A text as JSON has it. */
export const text = (value: string): TfAttribute => ({ s: btoa(value) });

/** A writer, and what it wrote. */
export interface Written {
  readonly writer: TfWriter;
  readonly nodes: TfNode[];
  readonly constants: Map<string, Constant>;
  /** What a node's input is called that is this value. */
  nameOf(value: string): string;
}

/** @param part Names the graph in errors. */
export function tfWriter({ inputs, forms }: Graph, part: string): Written {
  const nodes: TfNode[] = [];
  const constants = new Map<string, Constant>();
  const aliases = new Map<string, string>();
  const nameOf = (value: string): string => aliases.get(value) ?? value;
  let count = 0;
  const op: TfWriter['op'] = (type, input, attr = {}, name = `tf_${count++}`) => {
    nodes.push({ name, op: type, input: input.map(nameOf), attr });
    return name;
  };
  const once = (name: string, constant: Constant): string => {
    constants.set(name, constant);
    return name;
  };
  const ints = (values: readonly number[]): string =>
    once(`ints_${values.join('_')}`, {
      shape: [values.length],
      dtype: 'int32',
      values: Int32Array.from(values),
    });
  const scalar: TfWriter['scalar'] = (value, dtype = 'float32') =>
    once(`${dtype}_${value}`, {
      shape: [],
      dtype,
      values: dtype === 'int32' ? Int32Array.of(value) : Float32Array.of(value),
    });
  const writer: TfWriter = {
    op,
    alias: (value, output) => {
      aliases.set(value, output);
    },
    ints,
    scalar,
    shape: sizeVectors({ inputs }, part, {
      op,
      ints,
      concat: (sizes) => op('ConcatV2', [...sizes, scalar(0, 'int32')], { N: { i: sizes.length } }),
    }),
    form: (name) => forms.get(name)!,
  };
  return { writer, nodes, constants, nameOf };
}
