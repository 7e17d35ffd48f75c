/** Past this many bytes a row is copied by the engine, whose start costs more than a short row. */
const longRow: usize = 256;

/** Copies a row. */
function copy(bytes: usize, from: usize, to: usize): void {
  if (bytes >= longRow) return memory.copy(to, from, bytes);
  const end = to + bytes;
  const vectors = to + (bytes & ~15);
  for (; to < vectors; to += 16) {
    v128.store(to, v128.load(from));
    from += 16;
  }
  const words = to + ((end - to) & ~3);
  for (; to < words; to += 4) {
    store<u32>(to, load<u32>(from));
    from += 4;
  }
  for (; to < end; to++) store<u8>(to, load<u8>(from++));
}

/** Copies rows of so many bytes that lie `overFrom` bytes apart, one after the other. */
export function gatherRows(
  rows: usize,
  bytes: usize,
  from: usize,
  overFrom: usize,
  to: usize,
): void {
  for (let i: usize = 0; i < rows; i++) {
    copy(bytes, from, to);
    from += overFrom;
    to += bytes;
  }
}

/**
 * Copies the rows of so many bytes whose places are the `n` int32 numbers at `places`, one after the other: from each of
 * `blocks` blocks that lie `overBlock` bytes apart.
 */
export function pickRows(
  blocks: usize,
  n: usize,
  bytes: usize,
  from: usize,
  overBlock: usize,
  places: usize,
  to: usize,
): void {
  for (let block: usize = 0; block < blocks; block++) {
    for (let i: usize = 0; i < n; i++) {
      copy(bytes, from + <usize>load<u32>(places + (i << 2)) * bytes, to);
      to += bytes;
    }
    from += overBlock;
  }
}
