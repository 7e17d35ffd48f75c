import { DataError } from '@elbo/core';
import { countOf, expectPoints, type Points } from '../points.js';

/** Codes of rows, `[N, Z]` (the means of q(z|x), say), and the K true factors that the rows were made from, `[N, K]`. */
export interface Represented {
  readonly codes: Points;
  /** Each a number: an amount, or the index of a class. */
  readonly factors: Points;
}

/**
 * Fails unless there is a row of factors for each code, all are finite, and factors vary.
 *
 * @throws DataError that names `where`.
 */
export function expectRepresented(where: string, { codes, factors }: Represented): void {
  expectPoints(where, 2, codes);
  expectPoints(where, 2, factors);
  if (countOf(codes) !== countOf(factors))
    throw new DataError(
      `${where}: ${countOf(codes)} codes need as many rows of factors, not ${countOf(factors)}.`,
    );
  for (let k = 0; k < factors.dim; k++) {
    const values = column(factors, k);
    if (values.every((value) => value === values[0]))
      throw new DataError(`${where}: factor ${k} is constant; leave it out.`);
  }
}

/** One coordinate of all points. */
export function column({ values, dim }: Points, at: number): Float64Array {
  return Float64Array.from({ length: values.length / dim }, (_, row) => values[row * dim + at]!);
}

/** A score of disentanglement and what it is a mean of. */
export interface GapScore {
  /** 0 to 1. */
  readonly score: number;
  /** How far the best coordinate of z is ahead of the second best, for each factor, `[K]`. */
  readonly ofFactors: readonly number[];
  /** How good each coordinate is for each factor, `[K][Z]`. */
  readonly ofCoordinates: readonly (readonly number[])[];
}

/** The mean over factors of how far the best coordinate of z is ahead of the second best: what MIG and SAP have in common. */
export function meanGap(ofCoordinates: readonly (readonly number[])[]): GapScore {
  const ofFactors = ofCoordinates.map((row) => {
    const [best = 0, second = 0] = row.toSorted((a, b) => b - a);
    return best - second;
  });
  const score = ofFactors.reduce((a, b) => a + b, 0) / ofFactors.length;
  return { score, ofFactors, ofCoordinates };
}
