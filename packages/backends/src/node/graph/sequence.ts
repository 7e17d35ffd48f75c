import type { Attribute, Binding, Described, Made } from '../native.js';
import type { Operation, Part, Sequence } from './trace.js';

/** Notes what a sequence consists of, while it is performed for the first time. */
export class Sequencing {
  private readonly parts: Part[] = [];
  private readonly described: Described[] = [];
  /** The numbers of values in the sequence, by their numbers in the binding. */
  private readonly numbers: Map<number, number>;
  private readonly inputs: number;

  /** @param ids The inputs. */
  constructor(ids: readonly number[]) {
    this.numbers = new Map(ids.map((id, i) => [id, i]));
    this.inputs = ids.length;
  }

  add(
    name: string,
    attributes: readonly Attribute[],
    ids: readonly number[],
    made: readonly Made[],
  ): void {
    const inputs = ids.map((id) => this.numberOf(id));
    this.parts.push({ name, attributes, inputs, outputs: made });
    for (const each of made) this.numbers.set(each.id, this.inputs + this.described.push(each) - 1);
  }

  /** What it is, given what it gives. */
  sequence(results: readonly number[]): Sequence {
    return { parts: this.parts, results: results.map((id) => this.numberOf(id)) };
  }

  /** What is known of one of its values. */
  of(id: number): Made {
    const { dtype, shape } = this.described[this.numberOf(id) - this.inputs]!;
    return { id, dtype, shape };
  }

  private numberOf(id: number): number {
    const number = this.numbers.get(id);
    if (number === undefined) throw new Error('a sequence uses a tensor that it was not given');
    return number;
  }
}

/** Performs an operation, or the sequence that it is, and gives the numbers of its outputs. */
export function performed(
  { sequence, ...operation }: Operation,
  inputs: readonly number[],
  binding: Binding,
): readonly number[] {
  const execute = (
    { name, attributes, outputs }: Omit<Part, 'inputs'>,
    ids: readonly number[],
  ): readonly number[] =>
    binding.executeOp(name, attributes, ids, outputs.length).map(({ id }) => id);
  if (!sequence) return execute(operation, inputs);
  const values = [...inputs];
  for (const part of sequence.parts) {
    const ids = part.inputs.map((input) => values[input]!);
    values.push(...execute(part, ids));
  }
  const results = sequence.results.map((number) => values[number]!);
  for (const id of values.slice(inputs.length)) if (!results.includes(id)) binding.deleteTensor(id);
  return results;
}
