// Exact nearest neighbours in the plane, by cells.

/** Points sorted into a grid of square cells; the points of a cell, and of cells in a row, are adjacent. */
interface Cells {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Where each cell begins. */
  readonly starts: Uint32Array;
  readonly columns: number;
  readonly rows: number;
  readonly side: number;
  /** The least coordinates. */
  readonly low: readonly [number, number];
}

function cellsOf(points: Float32Array): Cells {
  const n = points.length / 2;
  const low: [number, number] = [Infinity, Infinity];
  const high: [number, number] = [-Infinity, -Infinity];
  for (let i = 0; i < points.length; i++) {
    const axis = i % 2 === 0 ? 0 : 1;
    low[axis] = Math.min(low[axis], points[i]!);
    high[axis] = Math.max(high[axis], points[i]!);
  }
  // As many cells as points: dense regions then hold a few points a cell, and the grid stays small.
  const side = Math.max(Math.sqrt(((high[0] - low[0]) * (high[1] - low[1])) / n), 1e-30);
  const columns = Math.floor((high[0] - low[0]) / side) + 1;
  const rows = Math.floor((high[1] - low[1]) / side) + 1;
  const starts = new Uint32Array(columns * rows + 1);
  const cellOf = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const column = Math.floor((points[2 * i]! - low[0]) / side);
    const cell = Math.floor((points[2 * i + 1]! - low[1]) / side) * columns + column;
    cellOf[i] = cell;
    starts[cell + 1]!++;
  }
  for (let cell = 0; cell < columns * rows; cell++) starts[cell + 1]! += starts[cell]!;
  const next = starts.slice();
  const [x, y] = [new Float64Array(n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    const at = next[cellOf[i]!]!++;
    x[at] = points[2 * i]!;
    y[at] = points[2 * i + 1]!;
  }
  return { x, y, starts, columns, rows, side, low };
}

/**
 * The mean over points of the log of the distance to the k-th nearest other point, exactly.
 *
 * @param points Interleaved, [n, 2] flattened; n > k.
 */
export function meanLogNearest(points: Float32Array, k: number): number {
  const { x, y, starts, columns, rows, side, low } = cellsOf(points);
  const best = new Float64Array(k);

  /** Takes into account the points of a row of cells, but for point `self`. */
  const scan = (self: number, row: number, from: number, to: number): void => {
    if (row < 0 || row >= rows || to < 0 || from >= columns) return;
    const begin = starts[row * columns + Math.max(0, from)]!;
    const end = starts[row * columns + Math.min(columns - 1, to) + 1]!;
    for (let j = begin; j < end; j++) {
      const dx = x[j]! - x[self]!;
      const dy = y[j]! - y[self]!;
      const square = dx * dx + dy * dy;
      if (square >= best[k - 1]! || j === self) continue;
      let at = k - 1;
      for (; at > 0 && best[at - 1]! > square; at--) best[at] = best[at - 1]!;
      best[at] = square;
    }
  };

  let sum = 0;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      for (let i = starts[cell]!; i < starts[cell + 1]!; i++) {
        best.fill(Infinity);
        const left = x[i]! - low[0] - column * side;
        const below = y[i]! - low[1] - row * side;
        const edge = Math.min(left, side - left, below, side - below);
        // Rings of cells outwards, until what lies beyond them cannot be nearer.
        for (let ring = 0; best[k - 1]! > Math.max(0, edge + (ring - 1) * side) ** 2; ring++) {
          scan(i, row - ring, column - ring, column + ring);
          if (ring > 0) scan(i, row + ring, column - ring, column + ring);
          for (let r = row - ring + 1; r < row + ring; r++) {
            scan(i, r, column - ring, column - ring);
            scan(i, r, column + ring, column + ring);
          }
        }
        sum += 0.5 * Math.log(best[k - 1]!);
      }
    }
  return sum / x.length;
}
