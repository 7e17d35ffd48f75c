/** The samples of a row of bytes, `depth` bits each, the first in the highest bits; of 8 bits the bytes themselves. */
export function samplesOf(row: Uint8Array, depth: number, count: number): Uint8Array | Uint16Array {
  if (depth === 8) return row;
  if (depth === 16)
    return Uint16Array.from({ length: count }, (_, i) => row[2 * i]! * 256 + row[2 * i + 1]!);
  const [perByte, mask] = [8 / depth, 2 ** depth - 1];
  return Uint8Array.from(
    { length: count },
    (_, i) => (row[Math.floor(i / perByte)]! >> (8 - depth * ((i % perByte) + 1))) & mask,
  );
}
