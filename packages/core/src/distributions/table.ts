import { randomUniform } from '@elbo/ops';
import { fold } from '@elbo/random';
import {
  add,
  concat,
  div,
  exp,
  greater,
  log,
  logSoftmax,
  matMul,
  maximum,
  mul,
  neg,
  ones,
  round,
  slice,
  softplus,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  type Rank,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { repeatBatch } from '../shapes.js';
import { categorical } from './categorical.js';
import { indicator, logBinMass } from './logistic_bin.js';
import { normal } from './normal.js';
import { valuesPerRow } from './rows.js';
import { tableLayout, type TableColumn } from './table_columns.js';
import type { Distribution } from './types.js';

/** What rows of a table are distributed by. */
export interface TableParameters {
  /** The locations of numbers and counts, `[B, numbers + counts]`. */
  readonly locations: Tensor2D;
  /** The logarithms of their scales, the same shape. */
  readonly logScales: Tensor2D;
  /** Unnormalised log probabilities of the values of all categories, one after the other, `[B, …]`. */
  readonly logits: Tensor2D;
}

/**
 * Independent distributions of the columns of a table, over rows as `tableLayout` has them: a normal of each number, a
 * discretised logistic of each count (its mass from −∞ to ½ is that of 0), a categorical of each category. `logProb` is that
 * of what is seen: columns that are missing from a row add nothing (Mattei & Frellsen 2019, "MIWAE", eq. 1; Nazábal et al.
 * 2020, "HI-VAE", eq. 5). Of a count it is the log of the mass over the bin's width, a density in the rows' units.
 *
 * Samples and means see everything. The mean of a count is that of the logistic cut off at 0, in closed form: within half a
 * count of the exact one. Samples of numbers are differentiable, those of others are not.
 *
 * @throws ShapeError when a value does not fit.
 */
export function table(columns: readonly TableColumn[], parameters: TableParameters): Distribution {
  const layout = tableLayout(columns);
  const { width, numbers, counts, categories, seen } = layout;
  const { locations, logScales, logits } = parameters;
  const [rows] = locations.shape;
  const shape = [rows, width];
  const counted = countsOf(columns);
  const part = (of: Tensor2D, begin: number, size: number): Tensor2D =>
    slice(of, [0, begin], [of.shape[0], size]);
  const ofNumbers = (of: Tensor2D): Tensor2D => part(of, 0, numbers);
  const ofCounts = (of: Tensor2D): Tensor2D => part(of, numbers, counts);
  const ofCategory = (of: Tensor2D, { begin, size }: { begin: number; size: number }): Tensor2D =>
    part(of, begin - numbers - counts, size);
  /** Values of all columns and the bits that say that they are seen. */
  const whole = (parts: readonly Tensor2D[]): Tensor2D => {
    const bits = seen.length > 0 ? [ones<Rank.R2>([parts[0]!.shape[0], seen.length])] : [];
    return concat<Tensor2D>([...parts, ...bits], 1);
  };
  return {
    sample: (key, samples = 1) => {
      const parts: Tensor2D[] = [];
      if (numbers > 0) {
        const logVar = mul<Tensor2D>(ofNumbers(logScales), 2);
        parts.push(normal(ofNumbers(locations), logVar).sample(fold(key, 'numbers'), samples));
      }
      if (counts > 0) {
        const [location, logScale] = [ofCounts(locations), ofCounts(logScales)];
        const uniform = randomUniform(fold(key, 'counts'), [samples * rows, counts]);
        const logistic = sub(log(uniform), log(sub(1, uniform)));
        const scale = repeatBatch(exp(counted.bounded(logScale)), samples);
        const drawn = add(repeatBatch(location, samples), mul(scale, logistic));
        parts.push(counted.nearest(drawn));
      }
      categories.forEach((place, i) => {
        const own = categorical(ofCategory(logits, place));
        parts.push(own.sample(fold(fold(key, 'category'), i), samples) as Tensor2D);
      });
      return whole(parts);
    },
    logProb: (x) => {
      const count = valuesPerRow(x, { shape }, 'table.logProb');
      const values = x as Tensor2D;
      const repeated = (of: Tensor2D): Tensor2D => (count === 1 ? of : repeatBatch(of, count));
      const parts: Tensor2D[] = [];
      if (numbers > 0) {
        const [location, logScale] = [locations, logScales].map((of) => repeated(ofNumbers(of)));
        parts.push(normalLogDensity(ofNumbers(values), location!, logScale!));
      }
      if (counts > 0) {
        const [location, logScale] = [locations, logScales].map((of) => repeated(ofCounts(of)));
        parts.push(counted.logDensity(ofCounts(values), location!, logScale!));
      }
      for (const place of categories) {
        const logProbs = logSoftmax(repeated(ofCategory(logits, place)));
        parts.push(sum(mul(part(values, place.begin, place.size), logProbs), 1, true));
      }
      const each = concat(parts, 1);
      if (seen.length === 0) return sum(each, 1);
      const bits = part(values, width - seen.length, seen.length);
      return sum(mul(each, seenColumns(bits, seen, columns.length)), 1);
    },
    mean: () => {
      const parts: Tensor2D[] = [];
      if (numbers > 0) parts.push(ofNumbers(locations));
      if (counts > 0) parts.push(counted.mean(ofCounts(locations), ofCounts(logScales)));
      for (const place of categories)
        parts.push(categorical(ofCategory(logits, place)).mean() as Tensor2D);
      return whole(parts);
    },
  };
}

/** log N(x; location, scale²) of each element. */
function normalLogDensity(x: Tensor2D, location: Tensor2D, logScale: Tensor2D): Tensor2D {
  const distance = mul(sub(x, location), exp(neg(logScale)));
  return sub(mul(square(distance), -0.5), add(logScale, 0.5 * Math.log(2 * Math.PI)));
}

/** Of each column whether it is seen, `[B, columns]`: the bits of those that have one, and 1. */
function seenColumns(bits: Tensor2D, seen: readonly number[], columns: number): Tensor2D {
  const places = new Float32Array(seen.length * columns);
  const always = new Float32Array(columns).fill(1);
  seen.forEach((column, bit) => {
    places[bit * columns + column] = 1;
    always[column] = 0;
  });
  return add(matMul(bits, tensor2d(places, [seen.length, columns])), tensor1d(always));
}

/** The discretised logistics of the counts among some columns. */
function countsOf(columns: readonly TableColumn[]): {
  bounded(logScale: Tensor2D): Tensor2D;
  logDensity(x: Tensor2D, location: Tensor2D, logScale: Tensor2D): Tensor2D;
  nearest(drawn: Tensor): Tensor2D;
  mean(location: Tensor2D, logScale: Tensor2D): Tensor2D;
} {
  const own = columns.flatMap((column) => (column.type === 'count' ? [column] : []));
  const zero = (): Tensor => tensor1d(own.map(({ zero: at = 0 }) => at));
  const width = (): Tensor => tensor1d(own.map(({ width: one = 1 }) => one));
  // A quarter of half a bin, as of discretised logistics: below it 1/s could overflow, and nothing is told apart.
  const least = (): Tensor => tensor1d(own.map(({ width: one = 1 }) => Math.log(one / 8)));
  const bounded = (logScale: Tensor2D): Tensor2D => maximum(logScale, least());
  return {
    bounded,
    logDensity: (x, location, logScale) => {
      const half = mul(width(), 0.5);
      const mass = logBinMass({
        distance: sub(x, location),
        half,
        logScale: bounded(logScale),
        hasLower: indicator(greater(x, add(zero(), half))),
      });
      return sub(mass, log(width()));
    },
    nearest: (drawn) => {
      const count = maximum(round(div(sub(drawn, zero()), width())), 0);
      return add(zero(), mul(count, width()));
    },
    mean: (location, logScale) => {
      const scale = exp(bounded(logScale));
      return add(zero(), mul(scale, softplus(div(sub(location, zero()), scale))));
    },
  };
}
