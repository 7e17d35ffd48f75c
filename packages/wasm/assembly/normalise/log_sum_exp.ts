// log Σ eˣ over one axis, and its gradient. A tensor is seen as [outer, n, inner], and the sum is over n. e^(x − m) does
// not overflow when m is the maximum; where that is infinite, the largest finite number stands for it, so that a row of
// −∞ gives −∞ and one with ∞ gives ∞.
import { each } from '../elementwise/each';
import { Elementary } from '../elementwise/mathematics';
import { loadSome, storeSome } from '../lanes';
import { sumOfRow } from '../likelihood/rows';
import { run } from '../parts';

const largest: f32 = 3.4028234663852886e38;

/** The maximum of `n` numbers. NaN may be passed over, for the sum has it. */
function maximumOf(x: usize, n: usize): f32 {
  let lanes = f32x4.splat(-Infinity);
  const rest = n & 3;
  const end = (n - rest) << 2;
  for (let i: usize = 0; i < end; i += 16) lanes = f32x4.pmax(lanes, v128.load(x + i));
  const pairs = f32x4.pmax(lanes, v128.shuffle<i32>(lanes, lanes, 2, 3, 0, 1));
  let maximum = max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
  for (let i = end; i < n << 2; i += 4) {
    const value = load<f32>(x + i);
    if (value > maximum) maximum = value;
  }
  return maximum;
}

class ShiftedExp {
  @inline at(x: v128, shift: v128): v128 {
    return Elementary.exp(f32x4.sub(x, shift));
  }
}

class Term {
  @inline at(x: v128, _: v128, _1: v128, shift: v128): v128 {
    return Elementary.exp(f32x4.sub(x, shift));
  }
}

/** log Σ eˣ of rows of `n` numbers. */
function alongRows(x: usize, y: usize, rows: usize, n: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    const maximum = maximumOf(x, n);
    const shift = max(min(maximum, largest), -largest);
    const total = f32x4.splat(<f32>sumOfRow<Term>(x, x, x, n, shift));
    store<f32>(y + (row << 2), f32x4.extract_lane(Elementary.log(total), 0) + maximum);
    x += n << 2;
  }
}

class Itself {
  @inline at(x: v128, _: v128, _1: v128, _2: v128): v128 {
    return x;
  }
}

class Times {
  @inline at(x: v128, factor: v128): v128 {
    return f32x4.mul(x, factor);
  }
}

/** dx = dy · eˣ / Σ eˣ of rows of `n` numbers. */
function gradientAlongRows(dy: usize, x: usize, dx: usize, rows: usize, n: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    each<ShiftedExp>(x, dx, n, max(min(maximumOf(x, n), largest), -largest));
    const total = <f32>sumOfRow<Itself>(dx, dx, dx, n, 0);
    // Nothing to share out in a row of −∞.
    each<Times>(dx, dx, n, load<f32>(dy + (row << 2)) / (total == 0 ? 1 : total));
    x += n << 2;
    dx += n << 2;
  }
}

/** Four columns that lie side by side, or the first `count` of them. */
function loadColumns(address: usize, count: usize): v128 {
  return count == 4 ? v128.load(address) : loadSome(address, count);
}

function storeColumns(address: usize, x: v128, count: usize): void {
  if (count == 4) v128.store(address, x);
  else storeSome(address, x, count);
}

/** The maximum down columns of `n` numbers, `over` bytes apart. */
function maximumDown(x: usize, n: usize, over: usize, count: usize): v128 {
  let maximum = f32x4.splat(-Infinity);
  for (let k: usize = 0; k < n; k++)
    maximum = f32x4.pmax(maximum, loadColumns(x + k * over, count));
  return maximum;
}

function finite(x: v128): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(largest)), f32x4.splat(-largest));
}

/** Σ e^(x − shift) down columns, whose terms are written to `terms` unless it is 0. */
function sumDown(x: usize, terms: usize, n: usize, over: usize, count: usize, shift: v128): v128 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let k: usize = 0;
  while (k < n) {
    let sum = f32x4.splat(0);
    for (const stop = min(n, k + run); k < stop; k++) {
      const term = Elementary.exp(f32x4.sub(loadColumns(x + k * over, count), shift));
      if (terms != 0) storeColumns(terms + k * over, term, count);
      sum = f32x4.add(sum, term);
    }
    low = f64x2.add(low, f64x2.promote_low_f32x4(sum));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.shuffle<i64>(sum, sum, 1, 0)));
  }
  const lower = f32x4.demote_f64x2_zero(low);
  return v128.shuffle<i64>(lower, f32x4.demote_f64x2_zero(high), 0, 2);
}

/** y [outer, inner] = log Σ eˣ over the middle axis of x [outer, n, inner]. */
export function logSumExp(x: usize, y: usize, outer: usize, n: usize, inner: usize): void {
  if (inner == 1) return alongRows(x, y, outer, n);
  const over = inner << 2;
  for (let row: usize = 0; row < outer; row++) {
    for (let j: usize = 0; j < inner; j += 4) {
      const count = min<usize>(4, inner - j);
      const maximum = maximumDown(x + (j << 2), n, over, count);
      const total = sumDown(x + (j << 2), 0, n, over, count, finite(maximum));
      storeColumns(y + (j << 2), f32x4.add(Elementary.log(total), maximum), count);
    }
    x += n * over;
    y += over;
  }
}

/** dx = dy · eˣ / Σ eˣ, where dy [outer, inner] is the gradient of `logSumExp`. */
export function logSumExpGradient(
  dy: usize,
  x: usize,
  dx: usize,
  outer: usize,
  n: usize,
  inner: usize,
): void {
  if (inner == 1) return gradientAlongRows(dy, x, dx, outer, n);
  const over = inner << 2;
  for (let row: usize = 0; row < outer; row++) {
    for (let j: usize = 0; j < inner; j += 4) {
      const count = min<usize>(4, inner - j);
      const from = x + (j << 2);
      const to = dx + (j << 2);
      const shift = finite(maximumDown(from, n, over, count));
      const total = sumDown(from, to, n, over, count, shift);
      // Nothing to share out in a column of −∞.
      const none = f32x4.eq(total, f32x4.splat(0));
      const divisor = v128.bitselect(f32x4.splat(1), total, none);
      const factor = f32x4.div(loadColumns(dy + (j << 2), count), divisor);
      for (let k: usize = 0; k < n; k++) {
        const term = loadColumns(to + k * over, count);
        storeColumns(to + k * over, f32x4.mul(term, factor), count);
      }
    }
    dy += over;
    x += n * over;
    dx += n * over;
  }
}
