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

/** Performs an operation, or the sequence that it is, and gives its outputs. */
export function performed(
  { sequence, ...operation }: Operation,
  inputs: readonly number[],
  binding: Binding,
): readonly Made[] {
  const execute = (
    { name, attributes, outputs }: Omit<Part, 'inputs'>,
    ids: readonly number[],
  ): readonly Made[] => binding.executeOp(name, attributes, ids, outputs.length);
  if (!sequence) return execute(operation, inputs);
  const made: Made[] = [];
  const idOf = (number: number): number => inputs[number] ?? made[number - inputs.length]!.id;
  for (const part of sequence.parts) made.push(...execute(part, part.inputs.map(idOf)));
  const results = sequence.results.map((number) => made[number - inputs.length]!);
  for (const each of made) if (!results.includes(each)) binding.deleteTensor(each.id);
  return results;
}
