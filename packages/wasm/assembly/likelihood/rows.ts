// Sums over rows, and what is one factor a row times each element: for functions given as types (elementwise/each.ts).
import { eachTriple } from '../elementwise/each';
import { loadSome } from '../lanes';
import { firstBranch, partsOf, run } from '../parts';

/** Numbers whose sum goes from first to last; that of more is a tree of such parts. */
const part: usize = 64 * run;

/** The sum of the lanes, in double precision. */
function sumOfLanes(x: v128): f64 {
  const low = f64x2.promote_low_f32x4(x);
  const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(x, x, 1, 0));
  const sum = f64x2.add(low, high);
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/** The first `count` lanes, 1 to 3 of them, and 0 in the others. */
function firstLanes(x: v128, count: usize): v128 {
  const mask = i32x4.gt_s(i32x4.splat(<i32>count), i32x4(0, 1, 2, 3));
  return v128.and(x, mask);
}

/** Σ f(x, y, z), for `n` numbers: runs in float32 lanes, which keep their digits, and their sum in double precision. */
function sumOfPart<F>(x: usize, y: usize, z: usize, n: usize, parameter: f32): f64 {
  const f = changetype<F>(<usize>0);
  const p = f32x4.splat(parameter);
  const rest = n & 3;
  const end = (n - rest) << 2;
  let total: f64 = 0;
  let i: usize = 0;
  while (i < end) {
    let sum = f32x4.splat(0);
    for (const stop = min(end, i + (run << 2)); i < stop; i += 16)
      sum = f32x4.add(sum, f.at(v128.load(x + i), v128.load(y + i), v128.load(z + i), p));
    total += sumOfLanes(sum);
  }
  if (rest == 0) return total;
  const a = loadSome(x + end, rest);
  const b = loadSome(y + end, rest);
  return total + sumOfLanes(firstLanes(f.at(a, b, loadSome(z + end, rest), p), rest));
}

/** Σ f(x, y, z), for `n` numbers. */
export function sumOfRow<F>(x: usize, y: usize, z: usize, n: usize, parameter: f32): f64 {
  if (n <= part) return sumOfPart<F>(x, y, z, n, parameter);
  const half = firstBranch(partsOf(n, part)) * part;
  const at = half << 2;
  const sum = sumOfRow<F>(x, y, z, half, parameter);
  return sum + sumOfRow<F>(x + at, y + at, z + at, n - half, parameter);
}

/** sums[row] = f.finish(Σ f(x, y, z), columns) for rows that lie one after the other. */
export function sumRows<F>(
  x: usize,
  y: usize,
  z: usize,
  sums: usize,
  rows: usize,
  columns: usize,
): void {
  const f = changetype<F>(<usize>0);
  const bytes = columns << 2;
  for (let row: usize = 0; row < rows; row++) {
    const at = row * bytes;
    const sum = sumOfRow<F>(x + at, y + at, z + at, columns, 0);
    store<f32>(sums + (row << 2), <f32>f.finish(sum, <f64>columns));
  }
}

/** dx = f(x, y, z, dy[row]) for rows that lie one after the other. */
export function spreadRows<F>(
  dy: usize,
  x: usize,
  y: usize,
  z: usize,
  dx: usize,
  rows: usize,
  columns: usize,
): void {
  const bytes = columns << 2;
  for (let row: usize = 0; row < rows; row++) {
    const at = row * bytes;
    eachTriple<F>(x + at, y + at, z + at, dx + at, columns, load<f32>(dy + (row << 2)));
  }
}
