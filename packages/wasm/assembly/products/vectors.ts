// Products of a matrix and a vector: every number of the matrix is used once, so there is nothing to pack.
import { loadSome, multiplyAdd, storeSome, sumLanes } from '../lanes';
import { run } from '../parts';

/**
 * y = Σ x_k · row k, of `n` numbers: rows `overRow` bytes apart, their numbers side by side; the numbers of x `overX`
 * bytes apart.
 */
export function sumOfRows(
  n: usize,
  depth: usize,
  x: usize,
  overX: usize,
  rows: usize,
  overRow: usize,
  y: usize,
): void {
  for (let first: usize = 0; first < depth; first += run) {
    const some = min(run, depth - first);
    addRows(n, some, x, overX, rows, overRow, y, first > 0);
    x += some * overX;
    rows += some * overRow;
  }
}

/** As `sumOfRows`, of a run of rows, added to what is there when `accumulate`. */
function addRows(
  n: usize,
  depth: usize,
  x: usize,
  overX: usize,
  rows: usize,
  overRow: usize,
  y: usize,
  accumulate: bool,
): void {
  const end = y + (n << 2);
  for (; y + 128 <= end; y += 128) {
    let y0 = f32x4.splat(0);
    let y1 = f32x4.splat(0);
    let y2 = f32x4.splat(0);
    let y3 = f32x4.splat(0);
    let y4 = f32x4.splat(0);
    let y5 = f32x4.splat(0);
    let y6 = f32x4.splat(0);
    let y7 = f32x4.splat(0);
    let row = rows;
    let at = x;
    for (let k: usize = 0; k < depth; k++) {
      const factor = v128.load32_splat(at);
      y0 = multiplyAdd(factor, v128.load(row), y0);
      y1 = multiplyAdd(factor, v128.load(row, 16), y1);
      y2 = multiplyAdd(factor, v128.load(row, 32), y2);
      y3 = multiplyAdd(factor, v128.load(row, 48), y3);
      y4 = multiplyAdd(factor, v128.load(row, 64), y4);
      y5 = multiplyAdd(factor, v128.load(row, 80), y5);
      y6 = multiplyAdd(factor, v128.load(row, 96), y6);
      y7 = multiplyAdd(factor, v128.load(row, 112), y7);
      row += overRow;
      at += overX;
    }
    storeSum(y, y0, accumulate);
    storeSum(y + 16, y1, accumulate);
    storeSum(y + 32, y2, accumulate);
    storeSum(y + 48, y3, accumulate);
    storeSum(y + 64, y4, accumulate);
    storeSum(y + 80, y5, accumulate);
    storeSum(y + 96, y6, accumulate);
    storeSum(y + 112, y7, accumulate);
    rows += 128;
  }
  for (; y + 16 <= end; y += 16) {
    let sum = f32x4.splat(0);
    let row = rows;
    let at = x;
    for (let k: usize = 0; k < depth; k++) {
      sum = multiplyAdd(v128.load32_splat(at), v128.load(row), sum);
      row += overRow;
      at += overX;
    }
    storeSum(y, sum, accumulate);
    rows += 16;
  }
  const rest = (end - y) >> 2;
  if (rest == 0) return;
  let sum = f32x4.splat(0);
  for (let k: usize = 0; k < depth; k++) {
    sum = multiplyAdd(v128.load32_splat(x), loadSome(rows, rest), sum);
    rows += overRow;
    x += overX;
  }
  storeSome(y, accumulate ? f32x4.add(loadSome(y, rest), sum) : sum, rest);
}

function storeSum(y: usize, sum: v128, accumulate: bool): void {
  v128.store(y, accumulate ? f32x4.add(v128.load(y), sum) : sum);
}

/** The inner product of two vectors whose numbers lie side by side. Of `partDepth` terms each lane adds a run. */
function inner(depth: usize, a: usize, b: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let k: usize = 0;
  for (; k + 16 <= depth; k += 16) {
    s0 = multiplyAdd(v128.load(a), v128.load(b), s0);
    s1 = multiplyAdd(v128.load(a, 16), v128.load(b, 16), s1);
    s2 = multiplyAdd(v128.load(a, 32), v128.load(b, 32), s2);
    s3 = multiplyAdd(v128.load(a, 48), v128.load(b, 48), s3);
    a += 64;
    b += 64;
  }
  for (; k + 4 <= depth; k += 4) {
    s0 = multiplyAdd(v128.load(a), v128.load(b), s0);
    a += 16;
    b += 16;
  }
  const rest = depth & 3;
  if (rest != 0) s1 = multiplyAdd(loadSome(a, rest), loadSome(b, rest), s1);
  return sumLanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
}

/** y_i = ⟨row i, x⟩ for `n` rows, `overRow` bytes apart, whose numbers lie side by side, as those of x do. */
export function innerProducts(
  n: usize,
  depth: usize,
  rows: usize,
  overRow: usize,
  x: usize,
  y: usize,
): void {
  for (let i: usize = 0; i < n; i++) {
    store<f32>(y + (i << 2), inner(depth, rows, x));
    rows += overRow;
  }
}
