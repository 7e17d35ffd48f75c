import type { Attribute, Binding, Described } from '../native.js';
import { field, joined, type Message } from './protobuf.js';
import { operationsTo, type Operation } from './trace.js';

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
        return field.string(2, given as string);
      case binding.TF_ATTR_INT:
        return field.int(3, each as number);
      case binding.TF_ATTR_FLOAT:
        return field.float(4, each as number);
      case binding.TF_ATTR_BOOL:
        return field.int(5, Number(each));
      case binding.TF_ATTR_TYPE:
        return field.int(6, each as number);
      case binding.TF_ATTR_SHAPE:
        return value.shape(given as readonly number[]);
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

/** The places of the values that some outputs depend on. */
function neededFor(outputs: readonly number[], operations: readonly Operation[]): Set<number> {
  const needed = new Set(outputs);
  for (const { inputs, outputs: made, sources, first } of [...operations].reverse()) {
    const from = first + sources.length;
    if (made.some((_, i) => needed.has(from + i))) for (const input of inputs) needed.add(input);
  }
  return needed;
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
  const names = new Map<number, string>();
  const given: number[] = [];
  const numbers: number[] = [];
  const nodes: Message[] = [];
  const placeholder = (name: string, { dtype, shape }: Described): void => {
    nodes.push(
      node(name, 'Placeholder', [], { dtype: value.type(dtype), shape: value.shape(shape) }),
    );
  };
  operations.forEach(({ name, attributes, inputs, sources, outputs: made, first }, i) => {
    sources.forEach((source, j) => {
      const place = first + j;
      if (!needed.has(place)) return;
      const { dtype, shape } = source;
      names.set(place, `value${place}`);
      if (source.kind === 'given') {
        given.push(place);
        placeholder(`value${place}`, source);
      } else if (source.kind === 'number') {
        const number = `numbers:${numbers.length}`;
        numbers.push(place);
        if (shape.length === 0) names.set(place, number);
        else
          nodes.push(
            node(`value${place}/shape`, 'Const', [], {
              dtype: value.type(binding.TF_INT32),
              value: value.tensor(
                binding.TF_INT32,
                [shape.length],
                new Uint8Array(Int32Array.from(shape).buffer),
              ),
            }),
            node(`value${place}`, 'Reshape', [number, `value${place}/shape`], {
              T: value.type(dtype),
              Tshape: value.type(binding.TF_INT32),
            }),
          );
      } else
        nodes.push(
          node(`value${place}`, 'Const', [], {
            dtype: value.type(dtype),
            value: value.tensor(
              dtype,
              shape,
              new Uint8Array(Int32Array.from(source.values).buffer),
            ),
          }),
        );
    });
    const from = first + sources.length;
    if (!made.some((_, j) => needed.has(from + j))) return;
    made.forEach((_, j) => names.set(from + j, `operation${i}:${j}`));
    nodes.push(
      node(
        `operation${i}`,
        name,
        inputs.map((input) => names.get(input)!),
        Object.fromEntries(
          attributes.map((attribute) => [attribute.name, attributeMessage(attribute, binding)]),
        ),
      ),
    );
  });
  if (numbers.length > 0) {
    placeholder('vector', { dtype: binding.TF_FLOAT, shape: [numbers.length] });
    nodes.push(
      node('numbers', 'Unpack', ['vector'], {
        T: value.type(binding.TF_FLOAT),
        num: value.int(numbers.length),
        axis: value.int(0),
      }),
    );
  }
  const graph = [...nodes.flat(), ...field.message(4, field.int(1, producer))];
  const metaGraph = [...field.message(1, field.string(4, 'serve')), ...field.message(2, graph)];
  const inputNames = given.map((place) => `value${place}:0`);
  return {
    bytes: joined([...field.int(1, 1), ...field.message(2, metaGraph)]),
    given,
    numbers,
    inputNames: [...inputNames, ...(numbers.length > 0 ? ['vector:0'] : [])].join(','),
    outputNames: outputs.map((place) => names.get(place)!).join(','),
  };
}
