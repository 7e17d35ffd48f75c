import { expectCount } from '../estimable.js';
import { countOf, expectPoints, pointAt, type Points } from '../points.js';
import { kdTree, searcher } from './kd_tree.js';

/** The k nearest points of each query, nearest first. */
export interface Neighbours {
  /** Their rows, `[M, k]`. */
  readonly rows: Int32Array;
  /** Euclidean distances, `[M, k]`. */
  readonly distances: Float64Array;
}

/**
 * The k nearest of the points to each query, in doubles, by a k-d tree: exact in any dimension, and much faster than
 * looking at every pair up to about ten.
 *
 * @throws ShapeError when the two differ in dimension; DataError when there are fewer than k points; ConfigError for k that
 * is no count.
 */
export function nearestNeighbours(queries: Points, points: Points, k: number): Neighbours {
  expectCount('nearestNeighbours', 'k', k, 1);
  expectPoints('nearestNeighbours', k, points);
  return find(queries, points, k, () => -1);
}

/** The same among the points themselves, without each one itself. */
export function neighboursAmong(points: Points, k: number): Neighbours {
  expectCount('neighboursAmong', 'k', k, 1);
  expectPoints('neighboursAmong', k + 1, points);
  return find(points, points, k, (row) => row);
}

function find(
  queries: Points,
  points: Points,
  k: number,
  skip: (row: number) => number,
): Neighbours {
  expectPoints('nearest neighbours', 1, queries, points);
  const count = countOf(queries);
  const rows = new Int32Array(count * k);
  const distances = new Float64Array(count * k);
  const { squares, found, search } = searcher(kdTree(points), k);
  for (let row = 0; row < count; row++) {
    search(pointAt(queries, row), skip(row));
    rows.set(found, row * k);
    squares.forEach((square, i) => (distances[row * k + i] = Math.sqrt(square)));
  }
  return { rows, distances };
}
