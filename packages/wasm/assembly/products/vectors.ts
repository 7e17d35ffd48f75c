// Products of a matrix and a vector: every number of the matrix is used once, so there is nothing to pack.
import { multiplyAdd, sumLanes } from '../lanes';

/**
 * y = Σ x_k · row k, of `n` numbers: rows `overRow` bytes apart, their numbers side by side; the numbers of x `overX`
 * bytes apart. Added to what is there when `accumulate`.
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
  let j: usize = 0;
  for (; j + 32 <= n; j += 32) {
    let y0 = f32x4.splat(0);
    let y1 = f32x4.splat(0);
    let y2 = f32x4.splat(0);
    let y3 = f32x4.splat(0);
    let y4 = f32x4.splat(0);
    let y5 = f32x4.splat(0);
    let y6 = f32x4.splat(0);
    let y7 = f32x4.splat(0);
    let row = rows + (j << 2);
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
    const to = y + (j << 2);
    v128.store(to, y0);
    v128.store(to, y1, 16);
    v128.store(to, y2, 32);
    v128.store(to, y3, 48);
    v128.store(to, y4, 64);
    v128.store(to, y5, 80);
    v128.store(to, y6, 96);
    v128.store(to, y7, 112);
  }
  for (; j + 4 <= n; j += 4) {
    let sum = f32x4.splat(0);
    let row = rows + (j << 2);
    let at = x;
    for (let k: usize = 0; k < depth; k++) {
      sum = multiplyAdd(v128.load32_splat(at), v128.load(row), sum);
      row += overRow;
      at += overX;
    }
    v128.store(y + (j << 2), sum);
  }
  for (; j < n; j++) {
    let sum: f32 = 0;
    let row = rows + (j << 2);
    let at = x;
    for (let k: usize = 0; k < depth; k++) {
      sum += load<f32>(at) * load<f32>(row);
      row += overRow;
      at += overX;
    }
    store<f32>(y + (j << 2), sum);
  }
}

/** The inner product of two vectors whose numbers lie side by side. */
function inner(depth: usize, a: usize, b: usize): f32 {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let k: usize = 0;
  for (; k + 8 <= depth; k += 8) {
    s0 = multiplyAdd(v128.load(a), v128.load(b), s0);
    s1 = multiplyAdd(v128.load(a, 16), v128.load(b, 16), s1);
    a += 32;
    b += 32;
  }
  let sum = sumLanes(f32x4.add(s0, s1));
  for (; k < depth; k++) {
    sum += load<f32>(a) * load<f32>(b);
    a += 4;
    b += 4;
  }
  return sum;
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
