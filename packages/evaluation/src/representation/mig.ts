import { column, expectRepresented, meanGap, type GapScore, type Represented } from './factors.js';

/** How amounts become classes. */
export interface MigOptions {
  /** Parts of equal width that a coordinate is cut into, where it has more values than that; 20 by default. */
  readonly bins?: number;
}

/**
 * The mutual information gap (Chen et al. 2018, eq. 6): for each factor v, how much more the best coordinate of z says
 * of it than the second best, (I(z₁; v) − I(z₂; v))/H(v), on the average. 1 where each factor is in one coordinate.
 *
 * Information is that of the table of counts, a by b, which is biased upward by about (a − 1)(b − 1)/2N: take many rows.
 *
 * @throws DataError when codes and factors do not go together, or a factor never varies.
 */
export function mig(represented: Represented, { bins = 20 }: MigOptions = {}): GapScore {
  expectRepresented('mig', represented);
  const { codes, factors } = represented;
  const coded = Array.from({ length: codes.dim }, (_, i) => classesOf(column(codes, i), bins));
  return meanGap(
    Array.from({ length: factors.dim }, (_, k) => {
      const classes = classesOf(column(factors, k), bins);
      const entropy = mutualInformation(classes, classes);
      return coded.map((code) => mutualInformation(code, classes) / entropy);
    }),
  );
}

/** Values as classes: each its own where they are few, else by parts of equal width. */
function classesOf(values: Float64Array, bins: number): Uint32Array {
  const distinct = [...new Set(values)];
  if (distinct.length <= bins) {
    const places = new Map(distinct.map((value, i) => [value, i]));
    return Uint32Array.from(values, (value) => places.get(value)!);
  }
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return Uint32Array.from(values, (value) =>
    Math.min(bins - 1, Math.floor((bins * (value - low)) / (high - low))),
  );
}

/** In nats, of the table of counts; of a variable with itself its entropy. */
function mutualInformation(a: Uint32Array, b: Uint32Array): number {
  const share = 1 / a.length;
  const [ofA, ofB] = [new Map<number, number>(), new Map<number, number>()];
  const both = new Map<string, readonly [a: number, b: number, share: number]>();
  a.forEach((x, i) => {
    const y = b[i]!;
    ofA.set(x, (ofA.get(x) ?? 0) + share);
    ofB.set(y, (ofB.get(y) ?? 0) + share);
    const cell = `${x},${y}`;
    both.set(cell, [x, y, (both.get(cell)?.[2] ?? 0) + share]);
  });
  return [...both.values()].reduce(
    (sum, [x, y, p]) => sum + p * Math.log(p / (ofA.get(x)! * ofB.get(y)!)),
    0,
  );
}
