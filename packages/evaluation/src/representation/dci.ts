import { column, expectRepresented, type Represented } from './factors.js';
import { lasso } from './lasso.js';

/** Three sides of a representation (Eastwood & Williams 2018), each 0 to 1 but for the last. */
export interface Dci {
  /** Whether each coordinate of z is of use for one factor only: the mean over coordinates, by their importance. */
  readonly disentanglement: number;
  /** Whether each factor needs one coordinate only: the mean over factors. */
  readonly completeness: number;
  /** For each factor the root mean squared error of its prediction, in standard deviations of the factor: 0 is best. */
  readonly errors: readonly number[];
  /** |w| of coordinate i for factor k, `[Z][K]`, of standardised codes and factors. */
  readonly importance: readonly (readonly number[])[];
}

/** How factors are predicted. */
export interface DciOptions {
  /** The weight of ‖w‖₁ for codes and factors of unit variance; .02 by default. */
  readonly penalty?: number;
}

/**
 * Disentanglement, completeness and informativeness (Eastwood & Williams 2018, §2) by lasso regression of each factor,
 * an amount, on all coordinates of z.
 *
 * @param test Rows that are not in `train`, for the errors.
 * @throws DataError when codes and factors do not go together, or a factor never varies.
 */
export function dci(
  train: Represented,
  test: Represented,
  { penalty = 0.02 }: DciOptions = {},
): Dci {
  expectRepresented('dci', train);
  expectRepresented('dci', test);
  const all = (count: number): readonly number[] => [...Array(count).keys()];
  const codes = all(train.codes.dim).map((i) => standardiser(column(train.codes, i)));
  const inputs = codes.map((standard, i) => standard(column(train.codes, i)));
  const heldOut = codes.map((standard, i) => standard(column(test.codes, i)));
  const fits = all(train.factors.dim).map((k) => {
    const standard = standardiser(column(train.factors, k));
    const weights = lasso(inputs, standard(column(train.factors, k)), penalty);
    const truth = standard(column(test.factors, k));
    const square = truth.reduce((sum, value, row) => {
      const predicted = weights.reduce((total, w, i) => total + w * heldOut[i]![row]!, 0);
      return sum + (value - predicted) ** 2;
    }, 0);
    return { weights, error: Math.sqrt(square / truth.length) };
  });
  const importance = codes.map((_, i) => fits.map(({ weights }) => Math.abs(weights[i]!)));
  const ofCodes = importance.map((row) => row.reduce((a, b) => a + b, 0));
  const total = ofCodes.reduce((a, b) => a + b, 0);
  return {
    disentanglement: importance.reduce(
      (sum, row, i) => sum + (total > 0 ? ofCodes[i]! / total : 0) * concentration(row),
      0,
    ),
    completeness:
      fits.reduce((sum, _, k) => sum + concentration(importance.map((row) => row[k]!)), 0) /
      fits.length,
    errors: fits.map(({ error }) => error),
    importance,
  };
}

/** 1 − the entropy of the shares, to the base of their number: 1 where all is in one place, 0 where it is even. */
function concentration(amounts: readonly number[]): number {
  const total = amounts.reduce((a, b) => a + b, 0);
  if (total === 0) return 0;
  if (amounts.length === 1) return 1;
  const entropy = amounts.reduce(
    (sum, amount) => (amount > 0 ? sum - (amount / total) * Math.log(amount / total) : sum),
    0,
  );
  return 1 - entropy / Math.log(amounts.length);
}

/** To the mean 0 and the standard deviation 1 of given values; to 0 where they are constant. */
function standardiser(values: Float64Array): (others: Float64Array) => Float64Array {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const sd = Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length);
  return (others) => others.map((value) => (sd > 0 ? (value - mean) / sd : 0));
}
