// Log-probabilities and divergences in nats, summed over rows, and their gradients. Their formulas are those of
// @elbo/ops. Each takes up to three operands; those that a formula does not name may be any.
import { Elementary } from '../elementwise/mathematics';
import { spreadRows, sumRows } from './rows';

/** The codes of `density`; src/kernels/densities.ts has the same. */
export const enum Density {
  bceWithLogits,
  gaussianKl,
  normalLogProb,
  standardNormalLogProb,
  squaredNorm,
}

/** The codes of `densityGradient`: of a density, and of one of its operands. */
export const enum Gradient {
  bceOfLogits,
  bceOfTargets,
  klOfMean,
  klOfLogVar,
  normalOfX,
  normalOfMean,
  normalOfLogVar,
  standardNormalOfZ,
}

const logTwoPi: f64 = 1.8378770664093453;

/** Logits and targets: max(l, 0) − l·t + log(1 + e^−|l|). */
class BceWithLogits {
  @inline at(l: v128, t: v128, _: v128, _1: v128): v128 {
    const linear = f32x4.sub(f32x4.pmax(l, f32x4.splat(0)), f32x4.mul(l, t));
    const e = Elementary.exp(f32x4.neg(f32x4.abs(l)));
    return f32x4.add(linear, Elementary.log1pOfUnit(e));
  }
  @inline finish(sum: f64, _: f64): f64 {
    return sum;
  }
}

/** Mean and logVar: ½ Σ (mean² + (e^logVar − 1 − logVar)). */
class GaussianKl {
  @inline at(mean: v128, logVar: v128, _: v128, _1: v128): v128 {
    const excess = f32x4.sub(Elementary.expm1(logVar), logVar);
    return f32x4.add(f32x4.mul(mean, mean), excess);
  }
  @inline finish(sum: f64, _: f64): f64 {
    return 0.5 * sum;
  }
}

/** x, mean and logVar: −½ Σ (log 2π + logVar + (x − mean)² e^−logVar). */
class NormalLogProb {
  @inline at(x: v128, mean: v128, logVar: v128, _: v128): v128 {
    const difference = f32x4.sub(x, mean);
    const precision = Elementary.exp(f32x4.neg(logVar));
    return f32x4.add(logVar, f32x4.mul(f32x4.mul(difference, difference), precision));
  }
  @inline finish(sum: f64, columns: f64): f64 {
    return -0.5 * (columns * logTwoPi + sum);
  }
}

/** z: −½ Σ (log 2π + z²). */
class StandardNormalLogProb {
  @inline at(z: v128, _: v128, _1: v128, _2: v128): v128 {
    return f32x4.mul(z, z);
  }
  @inline finish(sum: f64, columns: f64): f64 {
    return -0.5 * (columns * logTwoPi + sum);
  }
}

/** Σ x². */
class SquaredNorm {
  @inline at(x: v128, _: v128, _1: v128, _2: v128): v128 {
    return f32x4.mul(x, x);
  }
  @inline finish(sum: f64, _: f64): f64 {
    return sum;
  }
}

/** The density of each of `rows` rows of `columns` numbers. */
export function density(
  code: Density,
  x: usize,
  y: usize,
  z: usize,
  sums: usize,
  rows: usize,
  columns: usize,
): void {
  switch (code) {
    case Density.bceWithLogits:
      return sumRows<BceWithLogits>(x, y, z, sums, rows, columns);
    case Density.gaussianKl:
      return sumRows<GaussianKl>(x, y, z, sums, rows, columns);
    case Density.normalLogProb:
      return sumRows<NormalLogProb>(x, y, z, sums, rows, columns);
    case Density.standardNormalLogProb:
      return sumRows<StandardNormalLogProb>(x, y, z, sums, rows, columns);
    case Density.squaredNorm:
      return sumRows<SquaredNorm>(x, y, z, sums, rows, columns);
  }
}

/** Here the first operand is the logistic function of the logits. */
class BceOfLogits {
  @inline at(s: v128, t: v128, _: v128, dy: v128): v128 {
    return f32x4.mul(dy, f32x4.sub(s, t));
  }
}

class BceOfTargets {
  @inline at(l: v128, _: v128, _1: v128, dy: v128): v128 {
    return f32x4.mul(dy, f32x4.neg(l));
  }
}

class KlOfMean {
  @inline at(mean: v128, _: v128, _1: v128, dy: v128): v128 {
    return f32x4.mul(dy, mean);
  }
}

class KlOfLogVar {
  @inline at(_: v128, logVar: v128, _1: v128, dy: v128): v128 {
    return f32x4.mul(f32x4.mul(dy, f32x4.splat(0.5)), Elementary.expm1(logVar));
  }
}

class NormalOfMean {
  @inline at(x: v128, mean: v128, logVar: v128, dy: v128): v128 {
    const precision = Elementary.exp(f32x4.neg(logVar));
    return f32x4.mul(dy, f32x4.mul(f32x4.sub(x, mean), precision));
  }
}

class NormalOfLogVar {
  @inline at(x: v128, mean: v128, logVar: v128, dy: v128): v128 {
    const difference = f32x4.sub(x, mean);
    const precision = Elementary.exp(f32x4.neg(logVar));
    const squared = f32x4.mul(f32x4.mul(difference, difference), precision);
    return f32x4.mul(f32x4.mul(dy, f32x4.splat(0.5)), f32x4.sub(squared, f32x4.splat(1)));
  }
}

/** The gradient of the density with respect to one operand, of the operand's shape, from its gradient a row, dy. */
export function densityGradient(
  code: Gradient,
  dy: usize,
  x: usize,
  y: usize,
  z: usize,
  dx: usize,
  rows: usize,
  columns: usize,
): void {
  switch (code) {
    case Gradient.bceOfLogits:
      return spreadRows<BceOfLogits>(dy, x, y, z, dx, rows, columns);
    case Gradient.bceOfTargets:
    case Gradient.standardNormalOfZ:
      return spreadRows<BceOfTargets>(dy, x, y, z, dx, rows, columns);
    case Gradient.klOfMean:
      return spreadRows<KlOfMean>(dy, x, y, z, dx, rows, columns);
    case Gradient.klOfLogVar:
      return spreadRows<KlOfLogVar>(dy, x, y, z, dx, rows, columns);
    case Gradient.normalOfX:
      return spreadRows<NormalOfMean>(dy, y, x, z, dx, rows, columns);
    case Gradient.normalOfMean:
      return spreadRows<NormalOfMean>(dy, x, y, z, dx, rows, columns);
    case Gradient.normalOfLogVar:
      return spreadRows<NormalOfLogVar>(dy, x, y, z, dx, rows, columns);
  }
}
