// Sums of rows by segments: the gradient of gathering rows.
import { addIntegers } from '../reductions/sums_of_integers';

class Floats {
  /** y += x, for `n` float32 numbers. */
  @inline add(n: usize, x: usize, y: usize): void {
    const end = y + (n << 2);
    const vectors = y + ((n & ~3) << 2);
    for (; y < vectors; y += 16) {
      v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
      x += 16;
    }
    for (; y < end; y += 4) {
      store<f32>(y, load<f32>(y) + load<f32>(x));
      x += 4;
    }
  }
}

class Integers {
  @inline add(n: usize, x: usize, y: usize): void {
    addIntegers(n, x, y);
  }
}

/**
 * y, `segments` rows of `columns` numbers, is the sum of those of the `n` rows of x whose int32 in `ids` is its place. A
 * row whose number is no place in y, as a negative one, counts nowhere. The rows are added in their order, in float32:
 * in double precision the sums would take twice the room of y, which may be a whole table of embeddings.
 */
function sumSegments<Numbers>(
  n: usize,
  columns: usize,
  x: usize,
  ids: usize,
  segments: usize,
  y: usize,
): void {
  const overRow = columns << 2;
  memory.fill(y, 0, segments * overRow);
  for (let i: usize = 0; i < n; i++) {
    // As unsigned, a negative number is larger than all places.
    const segment = <usize>load<u32>(ids + (i << 2));
    if (segment < segments)
      changetype<Numbers>(0).add(columns, x + i * overRow, y + segment * overRow);
  }
}

export function segmentSums(
  n: usize,
  columns: usize,
  x: usize,
  ids: usize,
  segments: usize,
  y: usize,
): void {
  sumSegments<Floats>(n, columns, x, ids, segments, y);
}

/** As `segmentSums`, of int32 numbers, modulo 2³². */
export function segmentSumsOfIntegers(
  n: usize,
  columns: usize,
  x: usize,
  ids: usize,
  segments: usize,
  y: usize,
): void {
  sumSegments<Integers>(n, columns, x, ids, segments, y);
}
