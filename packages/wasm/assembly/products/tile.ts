import { multiplyAdd } from '../lanes';

/** Rows and columns of a tile: as many sums as the registers hold beside their operands. */
export const tileRows: usize = 4;
export const tileColumns: usize = 8;

/**
 * A tile of C, 4 × 8: the product of a panel of A and one of B, added to what is there when `accumulate`. The panel of
 * A is packed; steps along that of B are `overB` bytes apart, rows of C `overC`.
 */
export function tile(
  depth: usize,
  a: usize,
  b: usize,
  overB: usize,
  c: usize,
  overC: usize,
  accumulate: bool,
): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + (depth << 4);
  while (a < end) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = multiplyAdd(a0, b0, c00);
    c01 = multiplyAdd(a0, b1, c01);
    const a1 = v128.load32_splat(a, 4);
    c10 = multiplyAdd(a1, b0, c10);
    c11 = multiplyAdd(a1, b1, c11);
    const a2 = v128.load32_splat(a, 8);
    c20 = multiplyAdd(a2, b0, c20);
    c21 = multiplyAdd(a2, b1, c21);
    const a3 = v128.load32_splat(a, 12);
    c30 = multiplyAdd(a3, b0, c30);
    c31 = multiplyAdd(a3, b1, c31);
    a += 16;
    b += overB;
  }
  const row1 = c + overC;
  const row2 = row1 + overC;
  const row3 = row2 + overC;
  if (accumulate) {
    c00 = f32x4.add(c00, v128.load(c));
    c01 = f32x4.add(c01, v128.load(c, 16));
    c10 = f32x4.add(c10, v128.load(row1));
    c11 = f32x4.add(c11, v128.load(row1, 16));
    c20 = f32x4.add(c20, v128.load(row2));
    c21 = f32x4.add(c21, v128.load(row2, 16));
    c30 = f32x4.add(c30, v128.load(row3));
    c31 = f32x4.add(c31, v128.load(row3, 16));
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(row1, c10);
  v128.store(row1, c11, 16);
  v128.store(row2, c20);
  v128.store(row2, c21, 16);
  v128.store(row3, c30);
  v128.store(row3, c31, 16);
}

/** The part of a tile that lies inside C: `rows` × `columns`, by way of `whole`, room for a tile. */
export function partialTile(
  depth: usize,
  a: usize,
  b: usize,
  overB: usize,
  c: usize,
  overC: usize,
  accumulate: bool,
  rows: usize,
  columns: usize,
  whole: usize,
): void {
  tile(depth, a, b, overB, whole, tileColumns << 2, false);
  for (let i: usize = 0; i < rows; i++) {
    for (let j: usize = 0; j < columns; j++) {
      const at = c + i * overC + (j << 2);
      const sum = load<f32>(whole + (i * tileColumns + j) * 4);
      store<f32>(at, accumulate ? load<f32>(at) + sum : sum);
    }
  }
}
