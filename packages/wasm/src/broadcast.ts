import { util } from '@tensorflow/tfjs-core';
import { broadcastPlaces } from './matrices.js';

/** Two operands that broadcast to a result, as runs of elements that lie side by side. */
interface Runs {
  /** The elements of a run of the result. */
  readonly run: number;
  /** Whether the operand has so many too, or one for all. */
  readonly manyA: boolean;
  readonly manyB: boolean;
  /** The place of the operand's first element, for each run of the result. */
  placesA(run: number): number;
  placesB(run: number): number;
}

/** How many of a shape's last dimensions, all or one by one, are 1, counting those it lacks. */
function trailing(own: readonly number[], result: readonly number[], same: boolean): number {
  let count = 0;
  for (; count < result.length; count++) {
    const extent = own.at(-1 - count) ?? 1;
    if (extent !== (same ? result.at(-1 - count)! : 1)) break;
  }
  return count;
}

/** The longest runs in which each operand either goes along or stands still. */
export function broadcastRuns(
  a: readonly number[],
  b: readonly number[],
  result: readonly number[],
): Runs {
  const alongA = trailing(a, result, true);
  const alongB = trailing(b, result, true);
  const length = Math.max(
    Math.min(alongA, alongB),
    Math.min(alongA, trailing(b, result, false)),
    Math.min(alongB, trailing(a, result, false)),
  );
  const outer = result.slice(0, result.length - length);
  const of = (own: readonly number[], along: number) => {
    const many = along >= length;
    const size = many ? util.sizeFromShape(result.slice(outer.length)) : 1;
    const places = broadcastPlaces(own.slice(0, Math.max(0, own.length - length)), outer);
    return { many, places: (run: number) => places(run) * size };
  };
  const [ofA, ofB] = [of(a, alongA), of(b, alongB)];
  return {
    run: util.sizeFromShape(result.slice(outer.length)),
    manyA: ofA.many,
    manyB: ofB.many,
    placesA: ofA.places,
    placesB: ofB.places,
  };
}
