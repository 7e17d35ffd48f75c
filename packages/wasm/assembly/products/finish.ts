import { activate, Code } from '../elementwise/activations';

/** y = x + bias in one row, of `n` numbers. */
function addRow(x: usize, bias: usize, n: usize): void {
  const vectors = (n & ~3) << 2;
  const end = n << 2;
  let i: usize = 0;
  for (; i < vectors; i += 16) v128.store(x + i, f32x4.add(v128.load(x + i), v128.load(bias + i)));
  for (; i < end; i += 4) store<f32>(x + i, load<f32>(x + i) + load<f32>(bias + i));
}

/** y = x + bias in one row, of `n` numbers, for one number. */
function addNumber(x: usize, bias: f32, n: usize): void {
  for (let i: usize = 0; i < n << 2; i += 4) store<f32>(x + i, load<f32>(x + i) + bias);
}

/**
 * Adds a bias to `rows` × `columns` numbers and activates them, in place. The bias's rows are `overRow` bytes apart, 0
 * for one row; `along` says whether its numbers run along the row or it has one a row. A bias at 0 is none.
 */
export function finish(
  c: usize,
  rows: usize,
  columns: usize,
  bias: usize,
  overRow: usize,
  along: bool,
  code: Code,
  parameter: f32,
): void {
  // Rows enough to fill a part of the first cache, so that activation finds them there.
  const some = max<usize>(1, 2048 / max<usize>(columns, 1));
  for (let first: usize = 0; first < rows; first += some) {
    const count = min(some, rows - first);
    const block = c + ((first * columns) << 2);
    if (bias != 0) {
      for (let i: usize = 0; i < count; i++) {
        const row = block + ((i * columns) << 2);
        if (along) addRow(row, bias, columns);
        else addNumber(row, load<f32>(bias), columns);
        bias += overRow;
      }
    }
    if (code != Code.linear) activate(code, block, block, count * columns, parameter);
  }
}
