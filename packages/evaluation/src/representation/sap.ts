import { column, expectRepresented, meanGap, type GapScore, type Represented } from './factors.js';

/**
 * The separated attribute predictability (Kumar, Sattigeri & Balakrishnan 2018, §3.1) of factors that are amounts: for
 * each factor, how much better the best coordinate of z alone predicts it linearly than the second best, by the squared
 * correlation. A class without an order is no amount.
 *
 * @throws DataError when codes and factors do not go together, or a factor never varies.
 */
export function sap(represented: Represented): GapScore {
  expectRepresented('sap', represented);
  const { codes, factors } = represented;
  return meanGap(
    Array.from({ length: factors.dim }, (_, k) => {
      const factor = column(factors, k);
      return Array.from({ length: codes.dim }, (__, i) =>
        squaredCorrelation(column(codes, i), factor),
      );
    }),
  );
}

/** 0 where one of the two is constant. */
function squaredCorrelation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array): number => values.reduce((x, y) => x + y, 0) / values.length;
  const [centreA, centreB] = [mean(a), mean(b)];
  let [aa, ab, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    const [x, y] = [value - centreA, b[i]! - centreB];
    aa += x * x;
    ab += x * y;
    bb += y * y;
  });
  return aa > 0 && bb > 0 ? ab ** 2 / (aa * bb) : 0;
}
