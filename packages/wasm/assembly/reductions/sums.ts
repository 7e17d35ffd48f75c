// Sums of float32 numbers, added in double precision: the result is the sum rounded once, and off by more only where
// the terms cancel to 2⁻²⁹ of their size and less. A double addition for every two numbers costs less than reading them.
// Long sums are trees of parts, though no digit asks for it, so that their bits do not depend on who adds which part.
import { firstBranch, partsOf, waiting } from '../parts';

/** Numbers of a run, or rows, that are added from first to last. */
const part: usize = 1 << 14;

/** The sum of the lanes. */
function sumPair(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

/** The last two of four lanes, in double precision. */
function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<i32>(x, x, 2, 3, 0, 1));
}

/** The sum of `n` numbers side by side, one by one. */
function sumOfFew(n: usize, x: usize): f64 {
  let sum: f64 = 0;
  for (const end = x + (n << 2); x < end; x += 4) sum += <f64>load<f32>(x);
  return sum;
}

/** The sum of `n` numbers side by side. */
function sumOfRun(n: usize, x: usize): f64 {
  if (n <= part) return sumOfPart(n, x);
  const half = firstBranch(partsOf(n, part)) * part;
  return sumOfRun(half, x) + sumOfRun(n - half, x + (half << 2));
}

function sumOfPart(n: usize, x: usize): f64 {
  if (n < 8) return sumOfFew(n, x);
  let s0 = f64x2.splat(0);
  let s1 = f64x2.splat(0);
  let s2 = f64x2.splat(0);
  let s3 = f64x2.splat(0);
  const vectors = x + ((n & ~7) << 2);
  for (; x < vectors; x += 32) {
    const a = v128.load(x);
    const b = v128.load(x, 16);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
    s1 = f64x2.add(s1, promoteHigh(a));
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
    s3 = f64x2.add(s3, promoteHigh(b));
  }
  let sum = sumPair(f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3)));
  return sum + sumOfFew(n & 7, x);
}

/** Adds `n` rows of sixteen numbers, `overRow` bytes apart, to the sixteen doubles at `sums`. */
function addSixteen(n: usize, overRow: usize, x: usize, sums: usize): void {
  let s0 = v128.load(sums);
  let s1 = v128.load(sums, 16);
  let s2 = v128.load(sums, 32);
  let s3 = v128.load(sums, 48);
  let s4 = v128.load(sums, 64);
  let s5 = v128.load(sums, 80);
  let s6 = v128.load(sums, 96);
  let s7 = v128.load(sums, 112);
  for (let i: usize = 0; i < n; i++) {
    const a = v128.load(x);
    s0 = f64x2.add(s0, f64x2.promote_low_f32x4(a));
    s1 = f64x2.add(s1, promoteHigh(a));
    const b = v128.load(x, 16);
    s2 = f64x2.add(s2, f64x2.promote_low_f32x4(b));
    s3 = f64x2.add(s3, promoteHigh(b));
    const c = v128.load(x, 32);
    s4 = f64x2.add(s4, f64x2.promote_low_f32x4(c));
    s5 = f64x2.add(s5, promoteHigh(c));
    const d = v128.load(x, 48);
    s6 = f64x2.add(s6, f64x2.promote_low_f32x4(d));
    s7 = f64x2.add(s7, promoteHigh(d));
    x += overRow;
  }
  v128.store(sums, s0);
  v128.store(sums, s1, 16);
  v128.store(sums, s2, 32);
  v128.store(sums, s3, 48);
  v128.store(sums, s4, 64);
  v128.store(sums, s5, 80);
  v128.store(sums, s6, 96);
  v128.store(sums, s7, 112);
}

/** As `addSixteen`, for two numbers a row. */
function addTwo(n: usize, overRow: usize, x: usize, sums: usize): void {
  let sum = v128.load(sums);
  for (let i: usize = 0; i < n; i++) {
    sum = f64x2.add(sum, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    x += overRow;
  }
  v128.store(sums, sum);
}

/** As `addSixteen`, for one number a row. */
function addOne(n: usize, overRow: usize, x: usize, sums: usize): void {
  let sum = load<f64>(sums);
  for (let i: usize = 0; i < n; i++) {
    sum += <f64>load<f32>(x);
    x += overRow;
  }
  store<f64>(sums, sum);
}

/** Rows that are added to one column after the other: few enough to stay in the first cache wherever they lie. */
const someRows: usize = 16;

/** to += from, for `n` doubles. */
function addDoubles(from: usize, to: usize, n: usize): void {
  for (const end = to + (n << 3); to < end; to += 8) {
    store<f64>(to, load<f64>(to) + load<f64>(from));
    from += 8;
  }
}

/**
 * The sums of the columns of `n` rows, `overRow` bytes apart, in double precision; behind them is room for those that wait in
 * the tree.
 */
function sumRows(n: usize, columns: usize, overRow: usize, x: usize, sums: usize): void {
  if (n <= part) return sumPartOfRows(n, columns, overRow, x, sums);
  const half = firstBranch(partsOf(n, part)) * part;
  const others = sums + (columns << 3);
  sumRows(half, columns, overRow, x, sums);
  sumRows(n - half, columns, overRow, x + half * overRow, others);
  addDoubles(others, sums, columns);
}

function sumPartOfRows(n: usize, columns: usize, overRow: usize, x: usize, sums: usize): void {
  memory.fill(sums, 0, columns << 3);
  for (let first: usize = 0; first < n; first += someRows) {
    const rows = min(someRows, n - first);
    const from = x + first * overRow;
    let j: usize = 0;
    for (; j + 16 <= columns; j += 16) addSixteen(rows, overRow, from + (j << 2), sums + (j << 3));
    for (; j + 2 <= columns; j += 2) addTwo(rows, overRow, from + (j << 2), sums + (j << 3));
    if (j < columns) addOne(rows, overRow, from + (j << 2), sums + (j << 3));
  }
}

/** The bytes of scratch memory that `sum` needs. */
export function sumScratch(n: usize, inner: usize): usize {
  return inner == 1 ? 0 : (1 + waiting(partsOf(n, part))) * (inner << 3);
}

/**
 * Sums over the middle one of three dimensions, [outer, n, inner], divided by `divisor`, which is 1 for the sums
 * themselves. Rows of `inner` numbers are `overRow` bytes apart. `scratch` is room for `sumScratch` of the same sizes.
 */
export function sum(
  outer: usize,
  n: usize,
  inner: usize,
  x: usize,
  y: usize,
  divisor: f64,
  scratch: usize,
  overRow: usize,
): void {
  const overBlock = n * overRow;
  for (let i: usize = 0; i < outer; i++) {
    if (inner == 1) {
      store<f32>(y, <f32>(sumOfRun(n, x) / divisor));
      y += 4;
    } else {
      sumRows(n, inner, overRow, x, scratch);
      const end = y + (inner << 2);
      for (let from = scratch; y < end; y += 4) {
        store<f32>(y, <f32>(load<f64>(from) / divisor));
        from += 8;
      }
    }
    x += overBlock;
  }
}
