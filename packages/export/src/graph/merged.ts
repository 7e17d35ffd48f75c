import { CompositionError } from '@elbo/core';
import type { Attribute, Dim } from './graph.js';
import type { Trace } from './trace.js';

/** The numbers of rows of two traces of one computation. */
export type Rows = readonly [first: number, second: number];

/** A size that is one number in a trace and another in the other; `undefined` where rows do not explain it. */
function sizeOf(first: number, second: number, [few, more]: Rows): Dim | undefined {
  if (Object.is(first, second)) return first;
  const times = first / few;
  return Number.isInteger(times) && times * more === second ? { rows: times } : undefined;
}

/** A shape for any number of rows. */
export function shapeOf(
  first: readonly number[],
  second: readonly number[],
  rows: Rows,
): readonly Dim[] | undefined {
  if (first.length !== second.length) return undefined;
  const dims = first.map((size, axis) => sizeOf(size, second[axis]!, rows));
  return dims.includes(undefined) ? undefined : (dims as readonly Dim[]);
}

/** An attribute for any number of rows. */
export function attributeOf(
  first: unknown,
  second: unknown,
  rows: Rows,
): { of: Attribute } | undefined {
  if (typeof first === 'number' && typeof second === 'number') {
    const size = sizeOf(first, second, rows);
    return size === undefined ? undefined : { of: size };
  }
  if (Array.isArray(first) && Array.isArray(second)) {
    if (first.length !== second.length) return undefined;
    const parts = first.map((part, i) => attributeOf(part, second[i], rows));
    return parts.includes(undefined) ? undefined : { of: parts.map((part) => part!.of) };
  }
  return first === second ? { of: first as Attribute } : undefined;
}

/** @throws CompositionError unless both traces ask for the same kernels in the same order. */
export function expectAlike(first: Trace, second: Trace, part: string): void {
  const other = first.calls.findIndex((call, i) => call.kernel !== second.calls[i]?.kernel);
  if (
    other < 0 &&
    first.calls.length === second.calls.length &&
    first.values.length === second.values.length
  )
    return;
  const name = (first.calls[other] ?? second.calls.at(-1))?.kernel ?? 'a constant';
  throw new CompositionError(
    `The ${part} cannot be exported: what it computes depends on how many rows there are (at ${name}).`,
  );
}
