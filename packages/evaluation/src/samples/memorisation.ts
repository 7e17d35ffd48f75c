import { nearestNeighbours } from '../neighbours/nearest.js';
import { countOf, pickPoints, type Points } from '../points.js';

/** Whether samples are copies of the rows that a model was trained on. */
export interface Memorisation {
  /** Of each sample the nearest training row, and the distance to it. */
  readonly rows: Int32Array;
  readonly distances: Float64Array;
  /**
   * The share of samples that are nearer to a training row than to any of as many held-out rows; ties count half. ½ of a
   * model that generalises, 1 of one that copies.
   */
  readonly closer: number;
  /**
   * How many standard errors that is above ½, as if samples were independent of each other given the rows; above 3 the
   * model remembers, or the held-out rows are of another distribution.
   */
  readonly z: number;
}

/**
 * Compares the distances of samples to training rows with those to held-out rows that the model never saw: of rows from
 * one distribution either is the nearer as often (the idea of Meehan, Chaudhuri & Dasgupta 2020).
 *
 * @throws ShapeError when the sets differ in dimension; DataError when one is empty.
 */
export function memorisation(samples: Points, training: Points, heldOut: Points): Memorisation {
  const all = nearestNeighbours(samples, training, 1);
  const each = Math.min(countOf(training), countOf(heldOut));
  const first = Array.from({ length: each }, (_, i) => i);
  const toTraining = nearestNeighbours(samples, pickPoints(training, first), 1).distances;
  const toHeldOut = nearestNeighbours(samples, pickPoints(heldOut, first), 1).distances;
  const count = countOf(samples);
  let wins = 0;
  for (let i = 0; i < count; i++) {
    const difference = toHeldOut[i]! - toTraining[i]!;
    wins += difference === 0 ? 0.5 : Number(difference > 0);
  }
  const closer = wins / count;
  return { ...all, closer, z: (closer - 0.5) / Math.sqrt(0.25 / count) };
}
