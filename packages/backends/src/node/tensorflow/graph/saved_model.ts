import type { Attribute, Binding, Described } from '../native.js';
import {
  protobufBytes as joined,
  protobufField as field,
  type ProtobufMessage as Message,
} from '@elbo/core';
import { firstOutput, operationsTo, type Operation, type Part, type Source } from './trace.js';

/** A program for TensorFlow, and what it is given and gives, by the places of values in the trace. */
export interface SavedModel {
  /** As TensorFlow reads it from a file. */
  readonly bytes: Uint8Array;
  /** The values that it is given, in this order; all numbers follow them as one vector, where there are any. */
  readonly given: readonly number[];
  readonly numbers: readonly number[];
  /** The names of the inputs and outputs, as the binding takes them. */
  readonly inputNames: string;
  readonly outputNames: string;
}

/** The version of the definitions of operations whose defaults are meant: that of TensorFlow 2.9 and later. */
const producer = 1087;

const shapeMessage = (shape: readonly number[]): Message =>
  shape.flatMap((size) => field.message(2, field.int(1, size)));

const value = {
  type: (dtype: number): Message => field.int(6, dtype),
  int: (number: number): Message => field.int(3, number),
  shape: (shape: readonly number[]): Message => field.message(7, shapeMessage(shape)),
  tensor: (dtype: number, shape: readonly number[], content: Uint8Array): Message =>
    field.message(8, [
      ...field.int(1, dtype),
      ...field.message(2, shapeMessage(shape)),
      ...field.bytes(4, content),
    ]),
};

/** An attribute's value; the number of a list's field is that of the single value. */
function attributeMessage({ type, value: given }: Attribute, binding: Binding): Message {
  const one = (each: unknown): Message => {
    switch (type) {
      case binding.TF_ATTR_STRING:
        return field.string(2, each as string);
      case binding.TF_ATTR_INT:
        return value.int(each as number);
      case binding.TF_ATTR_FLOAT:
        return field.float(4, each as number);
      case binding.TF_ATTR_BOOL:
        return field.int(5, Number(each));
      case binding.TF_ATTR_TYPE:
        return value.type(each as number);
      case binding.TF_ATTR_SHAPE:
        return value.shape(each as readonly number[]);
      default:
        throw new Error(`no attribute of kind ${type} is known`);
    }
  };
  return Array.isArray(given) && type !== binding.TF_ATTR_SHAPE
    ? field.message(1, given.flatMap(one))
    : one(given);
}

/** A node of a graph: its name, its operation, the names of its inputs, and its attributes by name. */
function node(
  name: string,
  operation: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Message>>,
): Message {
  return field.message(1, [
    ...field.string(1, name),
    ...field.string(2, operation),
    ...inputs.flatMap((input) => field.string(3, input)),
    ...Object.entries(attributes).flatMap(([key, attribute]) =>
      field.message(5, [...field.string(1, key), ...field.message(2, attribute)]),
    ),
  ]);
}

/** Whether some values are among what an operation gives. */
const makesAny = (operation: Operation, places: ReadonlySet<number>): boolean =>
  operation.outputs.some((_, i) => places.has(firstOutput(operation) + i));

/** The places of the values that some outputs depend on. */
function neededFor(outputs: readonly number[], operations: readonly Operation[]): Set<number> {
  const needed = new Set(outputs);
  for (const operation of [...operations].reverse())
    if (makesAny(operation, needed)) for (const input of operation.inputs) needed.add(input);
  return needed;
}

/** A graph as it is written, with the names of the values of a trace in it. */
class Graph {
  readonly given: number[] = [];
  readonly numbers: number[] = [];
  readonly names = new Map<number, string>();
  private readonly nodes: Message[] = [];
  private readonly binding: Binding;

  constructor(binding: Binding) {
    this.binding = binding;
  }

  /** A value that comes from without. */
  source(place: number, source: Source): void {
    const name = `value${place}`;
    this.names.set(place, name);
    if (source.kind === 'given') {
      this.given.push(place);
      this.placeholder(name, source);
    } else if (source.kind === 'constant') this.constant(name, source);
    else this.number(place, source);
  }

  /** An operation, or the sequence that it is. */
  operation(name: string, operation: Operation): void {
    const { sequence, outputs } = operation;
    const numbered = operation.inputs.map((place) => this.names.get(place)!);
    if (!sequence) this.add(name, operation, numbered);
    sequence?.parts.forEach((part, i) => {
      const at = `${name}/${i}`;
      const inputs = part.inputs.map((input) => numbered[input]!);
      this.add(at, part, inputs);
      part.outputs.forEach((_, j) => numbered.push(`${at}:${j}`));
    });
    outputs.forEach((_, i) => {
      const output = sequence ? numbered[sequence.results[i]!]! : `${name}:${i}`;
      this.names.set(firstOutput(operation) + i, output);
    });
  }

  /** The whole, as TensorFlow reads it from a file. */
  bytes(): Uint8Array {
    if (this.numbers.length > 0) this.vector();
    const graph = [...this.nodes.flat(), ...field.message(4, field.int(1, producer))];
    const metaGraph = [...field.message(1, field.string(4, 'serve')), ...field.message(2, graph)];
    return joined([...field.int(1, 1), ...field.message(2, metaGraph)]);
  }

  private add(at: string, { name, attributes }: Part | Operation, inputs: readonly string[]): void {
    const entries = attributes.map(
      (each) => [each.name, attributeMessage(each, this.binding)] as const,
    );
    this.nodes.push(node(at, name, inputs, Object.fromEntries(entries)));
  }

  private placeholder(name: string, { dtype, shape }: Described): void {
    const attributes = { dtype: value.type(dtype), shape: value.shape(shape) };
    this.nodes.push(node(name, 'Placeholder', [], attributes));
  }

  private constant(
    name: string,
    { dtype, shape, values }: Described & { readonly values: readonly number[] },
  ): void {
    const content = new Uint8Array(Int32Array.from(values).buffer);
    const tensor = value.tensor(dtype, shape, content);
    this.nodes.push(node(name, 'Const', [], { dtype: value.type(dtype), value: tensor }));
  }

  /** One of the numbers, which lie in a vector, in its shape. */
  private number(place: number, { dtype, shape }: Described): void {
    const scalar = `numbers:${this.numbers.push(place) - 1}`;
    const name = `value${place}`;
    const { TF_INT32 } = this.binding;
    this.constant(`${name}/shape`, { dtype: TF_INT32, shape: [shape.length], values: shape });
    const attributes = { T: value.type(dtype), Tshape: value.type(TF_INT32) };
    this.nodes.push(node(name, 'Reshape', [scalar, `${name}/shape`], attributes));
  }

  private vector(): void {
    const { TF_FLOAT } = this.binding;
    const { length } = this.numbers;
    this.placeholder('vector', { dtype: TF_FLOAT, shape: [length] });
    const attributes = { T: value.type(TF_FLOAT), num: value.int(length), axis: value.int(0) };
    this.nodes.push(node('numbers', 'Unpack', ['vector'], attributes));
  }
}

/**
 * The trace that ends with an operation, as a program of those of its operations that some values need.
 *
 * @param outputs The places of those values.
 */
export function savedModel(
  last: Operation,
  outputs: readonly number[],
  binding: Binding,
): SavedModel {
  const operations = operationsTo(last);
  const needed = neededFor(outputs, operations);
  const graph = new Graph(binding);
  operations.forEach((operation, i) => {
    const { first, sources } = operation;
    sources.forEach((source, j) => {
      if (needed.has(first + j)) graph.source(first + j, source);
    });
    if (makesAny(operation, needed)) graph.operation(`operation${i}`, operation);
  });
  const { given, numbers, names } = graph;
  return {
    bytes: graph.bytes(),
    given,
    numbers,
    inputNames: [
      ...given.map((place) => `value${place}:0`),
      ...(numbers.length > 0 ? ['vector:0'] : []),
    ].join(),
    outputNames: outputs.map((place) => names.get(place)!).join(),
  };
}
