import { ShapeError } from '@elbo/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { expectEnough, expectFinite } from './estimable.js';

/** N points of D coordinates on the host, where sums are in doubles: codes, features, samples of low dimension. */
export interface Points {
  /** `[N, D]`, row after row. */
  readonly values: Float32Array | Float64Array;
  /** D. */
  readonly dim: number;
}

/** A tensor `[N, …]` as points, its rows flattened; the tensor stays the caller's. */
export async function pointsOf(tensor: Tensor): Promise<Points> {
  const [count = 1] = tensor.shape;
  return { values: await tensor.data<'float32'>(), dim: tensor.size / count };
}

/** N. */
export function countOf({ values, dim }: Points): number {
  return values.length / dim;
}

/** One of the points; a view. */
export function pointAt({ values, dim }: Points, row: number): Float32Array | Float64Array {
  return values.subarray(row * dim, (row + 1) * dim);
}

/** The given rows, in that order. */
export function pickPoints(points: Points, rows: ArrayLike<number>): Points {
  const values = new Float64Array(rows.length * points.dim);
  for (let i = 0; i < rows.length; i++) values.set(pointAt(points, rows[i]!), i * points.dim);
  return { values, dim: points.dim };
}

/**
 * Fails unless each set holds at least so many whole points, all finite and of one dimension.
 *
 * @throws ShapeError for points of several dimensions, and DataError for too few of them or values that are not finite:
 * both name `where`.
 */
export function expectPoints(where: string, least: number, ...sets: readonly Points[]): void {
  const { dim } = sets[0]!;
  for (const points of sets) {
    const count = countOf(points);
    if (!Number.isInteger(count) || points.dim !== dim) {
      const given = sets.map((set) => `${set.values.length} values of points of ${set.dim}`);
      throw new ShapeError(
        `${where}: expected whole points, all of one dimension, got ${given.join(' and ')}.`,
      );
    }
    expectEnough(where, count, least, 'point');
    expectFinite(where, 'point', points.values, dim);
  }
}

/** The points of both sets, the first's first. */
export function pooled(p: Points, q: Points): Points {
  const values = new Float64Array(p.values.length + q.values.length);
  values.set(p.values);
  values.set(q.values, p.values.length);
  return { values, dim: p.dim };
}
