import { CompositionError } from '@elbo/core';
import { isOfRows, type Dims, type Graph } from './graph.js';

/** What vectors of sizes are written with; each gives a name. */
interface SizeWriter {
  op(type: string, inputs: readonly string[]): string;
  /** A constant vector. */
  ints(values: readonly number[]): string;
  /** Vectors, one behind the other. */
  concat(vectors: readonly string[]): string;
}

/**
 * Writes shapes as vectors: constant ones, and those of the number of rows, which is read once from an input that has it.
 *
 * @param part Names the graph in errors.
 */
export function sizeVectors(
  { inputs }: Pick<Graph, 'inputs'>,
  part: string,
  { op, ints, concat }: SizeWriter,
): (dims: Dims) => string {
  let rowsName: string | undefined;
  const rows = (): string => {
    const of = inputs.find(({ shape: [first] }) => isOfRows(first!) && first.rows === 1);
    if (!of) throw new CompositionError(`The ${part} cannot be exported: no input has rows.`);
    rowsName ??= op('Slice', [op('Shape', [of.name]), ints([0]), ints([1])]);
    return rowsName;
  };
  return (dims) => {
    if (!dims.some(isOfRows)) return ints(dims as readonly number[]);
    const sizes = dims.map((dim) => {
      if (!isOfRows(dim)) return ints([dim]);
      return dim.rows === 1 ? rows() : op('Mul', [rows(), ints([dim.rows])]);
    });
    return sizes.length === 1 ? sizes[0]! : concat(sizes);
  };
}
