/** The rows `rows` of a table of floats, `[N, width]`, as `[B, width]`. */
export function gatherFloats(table: Float32Array, width: number, rows: Uint32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(table.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

/** The value of each byte on the scale from 0 to 1. */
const unit: Float32Array = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** Copies `count` bytes as floats from 0 to 1. */
export function copyBytes(
  from: Uint8Array,
  start: number,
  to: Float32Array,
  at: number,
  count: number,
): void {
  for (let i = 0; i < count; i++) to[at + i] = unit[from[start + i]!]!;
}

/** The rows `rows` of a table of bytes, `[N, width]`, as floats from 0 to 1, `[B, width]`. */
export function gatherBytes(table: Uint8Array, width: number, rows: Uint32Array): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    copyBytes(table, row * width, out, i * width, width);
  });
  return out;
}

/** The labels of `rows`. */
export function gatherLabels(labels: Int32Array | Uint8Array, rows: Uint32Array): Int32Array {
  return Int32Array.from(rows, (row) => labels[row]!);
}
