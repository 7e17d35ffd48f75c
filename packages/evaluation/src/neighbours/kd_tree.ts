import { countOf, pointAt, type Points } from '../points.js';

/** Below this, looking at every point is faster than splitting them. */
const leafSize = 12;

/** A k-d tree (Bentley 1975): points sorted so that every node is a stretch of them, split in the middle. */
export interface KdTree {
  readonly dim: number;
  /** The points in the tree's order, `[N, D]`. */
  readonly values: Float64Array;
  /** The row that each of them was given as. */
  readonly rows: Int32Array;
  /** The coordinate in which a node is split, by its number: the children of i are 2i + 1 and 2i + 2. */
  readonly axes: Int32Array;
  /** Where: lesser coordinates are in the first child, greater ones in the second. */
  readonly splits: Float64Array;
}

/** The tree of some points; it copies them. */
export function kdTree(points: Points): KdTree {
  const { dim, values } = points;
  const count = countOf(points);
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const axes: number[] = [];
  const splits: number[] = [];
  const build = (node: number, begin: number, end: number): void => {
    if (end - begin <= leafSize) return;
    const axis = widestAxis(points, rows, begin, end);
    axes[node] = axis;
    const middle = (begin + end) >> 1;
    select(rows, (row) => values[row * dim + axis]!, begin, end - 1, middle);
    splits[node] = values[rows[middle]! * dim + axis]!;
    build(2 * node + 1, begin, middle);
    build(2 * node + 2, middle, end);
  };
  build(0, 0, count);
  const sorted = new Float64Array(count * dim);
  rows.forEach((row, i) => {
    sorted.set(pointAt(points, row), i * dim);
  });
  return {
    dim,
    values: sorted,
    rows,
    axes: Int32Array.from(axes),
    splits: Float64Array.from(splits),
  };
}

function widestAxis({ values, dim }: Points, rows: Int32Array, begin: number, end: number): number {
  let widest = 0;
  let width = -1;
  for (let axis = 0; axis < dim; axis++) {
    let [low, high] = [Infinity, -Infinity];
    for (let i = begin; i < end; i++) {
      const value = values[rows[i]! * dim + axis]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > width) [widest, width] = [axis, high - low];
  }
  return widest;
}

/** Sorts rows so far that the one at `place` is where it belongs, the lesser before it (Hoare 1961). */
function select(
  rows: Int32Array,
  of: (row: number) => number,
  first: number,
  last: number,
  place: number,
): void {
  let [low, high] = [first, last];
  while (low < high) {
    const pivot = of(rows[(low + high) >> 1]!);
    let [i, j] = [low, high];
    while (i <= j) {
      while (of(rows[i]!) < pivot) i++;
      while (of(rows[j]!) > pivot) j--;
      if (i <= j) {
        [rows[i], rows[j]] = [rows[j]!, rows[i]!];
        i++;
        j--;
      }
    }
    if (place <= j) high = j;
    else if (place >= i) low = i;
    else return;
  }
}

/** Finds the k nearest points of a tree; `skip` is a row that does not count. */
export function searcher(
  { dim, values, rows, axes, splits }: KdTree,
  k: number,
): {
  /** Squared distances, nearest first, `[k]`: overwritten by the next search. */
  readonly squares: Float64Array;
  /** Their rows. */
  readonly found: Int32Array;
  search(query: ArrayLike<number>, skip: number): void;
} {
  const squares = new Float64Array(k);
  const found = new Int32Array(k);
  const offsets = new Float64Array(dim);

  const look = (query: ArrayLike<number>, skip: number, begin: number, end: number): void => {
    for (let i = begin; i < end; i++) {
      const farthest = squares[k - 1]!;
      let square = 0;
      const at = i * dim;
      for (let d = 0; d < dim && square < farthest; d++)
        square += (query[d]! - values[at + d]!) ** 2;
      if (square >= farthest || rows[i] === skip) continue;
      let place = k - 1;
      for (; place > 0 && squares[place - 1]! > square; place--) {
        squares[place] = squares[place - 1]!;
        found[place] = found[place - 1]!;
      }
      squares[place] = square;
      found[place] = rows[i]!;
    }
  };
  /** `away`: the squared distance from the query to the node's box, kept up coordinate by coordinate (Arya & Mount 1993). */
  const walk = (
    query: ArrayLike<number>,
    skip: number,
    node: number,
    begin: number,
    end: number,
    away: number,
  ): void => {
    if (end - begin <= leafSize) {
      look(query, skip, begin, end);
      return;
    }
    const middle = (begin + end) >> 1;
    const axis = axes[node]!;
    const offset = query[axis]! - splits[node]!;
    const [left, right] = [2 * node + 1, 2 * node + 2];
    if (offset < 0) walk(query, skip, left, begin, middle, away);
    else walk(query, skip, right, middle, end, away);
    const before = offsets[axis]!;
    const beyond = away - before * before + offset * offset;
    if (beyond >= squares[k - 1]!) return;
    offsets[axis] = offset;
    if (offset < 0) walk(query, skip, right, middle, end, beyond);
    else walk(query, skip, left, begin, middle, beyond);
    offsets[axis] = before;
  };
  return {
    squares,
    found,
    search: (query, skip) => {
      squares.fill(Infinity);
      found.fill(-1);
      walk(query, skip, 0, 0, rows.length, 0);
    },
  };
}
