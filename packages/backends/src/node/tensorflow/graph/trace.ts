import type { Attribute, Described } from '../native.js';

/**
 * Where a value comes from that no operation of a trace makes: from before it; a number that it was given, which
 * may be another the next time; or a few whole numbers, which say axes and shapes and so belong to the program.
 */
export type Source =
  | ({ readonly kind: 'given' } & Described)
  | ({ readonly kind: 'number' } & Described)
  | ({ readonly kind: 'constant'; readonly values: readonly number[] } & Described);

/** One operation of TensorFlow's. */
export interface Part {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  /** By their numbers: those of the sequence's inputs, and then all outputs of the parts before. */
  readonly inputs: readonly number[];
  readonly outputs: readonly Described[];
}

/** Operations that always come together, and so are one of a trace. */
export interface Sequence {
  readonly parts: readonly Part[];
  /** The numbers of what it gives. */
  readonly results: readonly number[];
}

/** What is asked of TensorFlow, with its inputs by their places among the values of the trace. */
export interface Call {
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly inputs: readonly number[];
  /** Of the values that it uses first. */
  readonly sources: readonly Source[];
}

/**
 * An operation of a trace, as a node of the tree of all traces. The values of a trace are numbered: those that an operation
 * uses first, and then its outputs, follow those of the operations before it.
 */
export interface Operation extends Call {
  readonly outputs: readonly Described[];
  /** What it consists of, where it is no operation of TensorFlow's. */
  readonly sequence: Sequence | undefined;
  readonly before: Operation | undefined;
  /** How many values there are before its own. */
  readonly first: number;
  /** What followed it, each in a trace. */
  readonly next: Operation[];
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function sameValue(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? sameNumbers(a, b) : Object.is(a, b);
}

function sameSource(a: Source, b: Source): boolean {
  if (a.kind !== b.kind || a.dtype !== b.dtype || !sameNumbers(a.shape, b.shape)) return false;
  return a.kind !== 'constant' || b.kind !== 'constant' || sameNumbers(a.values, b.values);
}

function sameAttributes(a: readonly Attribute[], b: readonly Attribute[]): boolean {
  if (a === b) return true;
  return a.length === b.length && a.every(({ value }, i) => sameValue(value, b[i]!.value));
}

function sameSources(a: readonly Source[], b: readonly Source[]): boolean {
  return a.length === b.length && a.every((source, i) => sameSource(source, b[i]!));
}

/** Whether a call is one that was made at this place of a trace before: its outputs are then known. */
const same = (operation: Operation, { name, attributes, inputs, sources }: Call): boolean =>
  operation.name === name &&
  sameNumbers(operation.inputs, inputs) &&
  sameSources(operation.sources, sources) &&
  sameAttributes(operation.attributes, attributes);

/** The start of every trace. */
export const start = (): Operation => ({
  ...{ name: '', attributes: [], inputs: [], sources: [], outputs: [], sequence: undefined },
  ...{ before: undefined, first: 0, next: [] },
});

/** The place of an operation's first output. */
export const firstOutput = ({ first, sources }: Operation): number => first + sources.length;

/** The operation that followed when this call was made there before. */
export const followed = (before: Operation, call: Call): Operation | undefined =>
  before.next.find((operation) => same(operation, call));

/** Adds an operation that was never made there. */
export function follow(
  before: Operation,
  call: Call,
  outputs: readonly Described[],
  sequence?: Sequence,
): Operation {
  const first = firstOutput(before) + before.outputs.length;
  const operation = { ...call, outputs, sequence, before, first, next: [] };
  before.next.push(operation);
  return operation;
}

/** The operations of a trace that ends here, in order. */
export function operationsTo(last: Operation): readonly Operation[] {
  const operations: Operation[] = [];
  for (let at = last; at.before; at = at.before) operations.push(at);
  return operations.reverse();
}
