// Sums of rows by segments: the gradient of gathering rows.
import { run } from '../parts';
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

/** Where the sums of long segments go on in double precision: `scratch` of `segmentSums`. */
@unmanaged
class Long {
  /** Rows that are in the sum in y, of each segment, and the number of its sum in double precision; 0 is none. */
  counts: usize;
  numbers: usize;
  /** The sums in double precision, */
  sums: usize;
  /** and how many there are. */
  used: usize;

  /** Adds the sum of a segment in y, a row of `columns` numbers, to that in double precision, and starts anew. */
  carry(segment: usize, columns: usize, y: usize): void {
    const at = this.numbers + (segment << 2);
    let number = <usize>load<u32>(at);
    const isNew = number == 0;
    if (isNew) store<u32>(at, <u32>(number = ++this.used));
    let sum = this.sums + (number - 1) * (columns << 3);
    for (const end = y + (columns << 2); y < end; y += 4) {
      store<f64>(sum, (isNew ? 0 : load<f64>(sum)) + <f64>load<f32>(y));
      store<f32>(y, 0);
      sum += 8;
    }
    store<u32>(this.counts + (segment << 2), 0);
  }

  /** Adds both sums of each segment. */
  finish(segments: usize, columns: usize, y: usize): void {
    for (let segment: usize = 0; segment < segments; segment++) {
      const number = <usize>load<u32>(this.numbers + (segment << 2));
      const end = y + (columns << 2);
      if (number == 0) y = end;
      else {
        let sum = this.sums + (number - 1) * (columns << 3);
        for (; y < end; y += 4) {
          store<f32>(y, <f32>(load<f64>(sum) + <f64>load<f32>(y)));
          sum += 8;
        }
      }
    }
  }
}

/** The bytes of scratch memory that `segmentSums` needs: 0 where no segment can be long. */
export function segmentScratch(n: usize, columns: usize, segments: usize): usize {
  if (n <= run) return 0;
  return offsetof<Long>() + 8 * segments + (n / run) * (columns << 3);
}

/**
 * y, `segments` rows of `columns` numbers, is the sum of those of the `n` rows of x whose int32 in `ids` is its place. A
 * row whose number is no place in y, as a negative one, counts nowhere.
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

/**
 * As `sumSegments`, of float32 numbers. The rows of a segment are added in their order, each run of them in y, and the
 * runs in double precision, which takes room for those that are full alone, not for a whole table of embeddings.
 */
export function segmentSums(
  n: usize,
  columns: usize,
  x: usize,
  ids: usize,
  segments: usize,
  y: usize,
  scratch: usize,
): void {
  if (n <= run) return sumSegments<Floats>(n, columns, x, ids, segments, y);
  const overRow = columns << 2;
  const long = changetype<Long>(scratch);
  long.sums = scratch + offsetof<Long>();
  long.counts = long.sums + (n / run) * (columns << 3);
  long.numbers = long.counts + (segments << 2);
  long.used = 0;
  memory.fill(long.counts, 0, segments << 3);
  memory.fill(y, 0, segments * overRow);
  const floats = changetype<Floats>(<usize>0);
  for (let i: usize = 0; i < n; i++) {
    const segment = <usize>load<u32>(ids + (i << 2));
    if (segment < segments) {
      const to = y + segment * overRow;
      floats.add(columns, x + i * overRow, to);
      const count = long.counts + (segment << 2);
      const more = load<u32>(count) + 1;
      store<u32>(count, more);
      if (more == <u32>run) long.carry(segment, columns, to);
    }
  }
  if (long.used > 0) long.finish(segments, columns, y);
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
