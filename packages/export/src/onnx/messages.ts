import { protobufBytes, protobufField as field, type ProtobufMessage } from '@elbo/core';
import { isOfRows, type Constant, type DType, type Form } from '../graph/graph.js';

/** Numbers of `TensorProto.DataType`. */
export const types: Readonly<Record<DType | 'int64', number>> = {
  float32: 1,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** An attribute of an operator: a whole number, a `Float`, a text, or whole numbers. */
export type OnnxAttribute = number | { readonly float: number } | string | readonly number[];

/** Numbers of a tensor, by which field of `onnx.proto`. */
export function tensor(
  name: string,
  shape: readonly number[],
  type: keyof typeof types,
  bytes: Uint8Array,
): ProtobufMessage {
  return [
    ...shape.flatMap((dim) => field.int(1, dim)),
    ...field.int(2, types[type]),
    ...field.string(8, name),
    ...field.bytes(9, bytes),
  ];
}

/** The bytes of a constant, little-endian as every machine that runs this is. */
export function bytesOf({ values }: Constant): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function attribute(name: string, value: OnnxAttribute): ProtobufMessage {
  const named = field.string(1, name);
  if (typeof value === 'number') return [...named, ...field.int(3, value), ...field.int(20, 2)];
  if (typeof value === 'string') return [...named, ...field.string(4, value), ...field.int(20, 3)];
  if ('float' in value) return [...named, ...field.float(2, value.float), ...field.int(20, 1)];
  return [...named, ...value.flatMap((one) => field.int(8, one)), ...field.int(20, 7)];
}

/** One operator. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** An operator as a `NodeProto`. */
export function nodeProto({ type, inputs, outputs, attributes }: OnnxNode): ProtobufMessage {
  return [
    ...inputs.flatMap((name) => field.string(1, name)),
    ...outputs.flatMap((name) => field.string(2, name)),
    ...field.string(3, outputs[0]!),
    ...field.string(4, type),
    ...Object.entries(attributes).flatMap(([name, value]) =>
      field.message(5, attribute(name, value)),
    ),
  ];
}

/** What goes in or comes out, as a `ValueInfoProto`; the number of rows is called `rows`. */
export function valueInfo(name: string, { shape, dtype }: Form): ProtobufMessage {
  const dims = shape.flatMap((dim) =>
    field.message(
      1,
      isOfRows(dim)
        ? field.string(2, dim.rows === 1 ? 'rows' : `${dim.rows}*rows`)
        : field.int(1, dim),
    ),
  );
  const tensorType = [...field.int(1, types[dtype]), ...field.message(2, dims)];
  return [...field.string(1, name), ...field.message(2, field.message(1, tensorType))];
}

/** What a file is made of. */
export interface OnnxParts {
  readonly name: string;
  readonly description: string;
  readonly nodes: readonly ProtobufMessage[];
  readonly initializers: readonly ProtobufMessage[];
  readonly inputs: readonly ProtobufMessage[];
  readonly outputs: readonly ProtobufMessage[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Version 8 of the format goes with version 17 of the operators. */
const irVersion = 8;
const opset = 17;

/** A `ModelProto`. */
export function modelProto(parts: OnnxParts): Uint8Array {
  const graph = [
    ...parts.nodes.flatMap((node) => field.message(1, node)),
    ...field.string(2, parts.name),
    ...parts.initializers.flatMap((one) => field.message(5, one)),
    ...parts.inputs.flatMap((one) => field.message(11, one)),
    ...parts.outputs.flatMap((one) => field.message(12, one)),
  ];
  return protobufBytes([
    ...field.int(1, irVersion),
    ...field.string(2, 'Elbo'),
    ...field.string(6, parts.description),
    ...field.message(7, graph),
    ...field.message(8, [...field.string(1, ''), ...field.int(2, opset)]),
    ...Object.entries(parts.metadata).flatMap(([key, value]) =>
      field.message(14, [...field.string(1, key), ...field.string(2, value)]),
    ),
  ]);
}
