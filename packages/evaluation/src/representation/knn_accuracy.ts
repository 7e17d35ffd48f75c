import { estimateOf, type Estimate } from '../estimate.js';
import { nearestNeighbours } from '../neighbours/nearest.js';
import { countOf } from '../points.js';
import { expectLabelled, type LabelledPoints } from './linear_probe.js';

/**
 * The accuracy on test rows of the majority of the k nearest training rows' classes, of classes that are as many the
 * one whose row is nearest.
 *
 * @param neighbours k.
 * @throws DataError when labels and points do not go together, the training rows are of one class, or they are fewer than
 * the neighbours; ShapeError when the sets differ in dimension.
 */
export function knnAccuracy(train: LabelledPoints, test: LabelledPoints, neighbours = 5): Estimate {
  expectLabelled('knnAccuracy', train, test);
  const { rows } = nearestNeighbours(test.points, train.points, neighbours);
  return estimateOf(
    Array.from({ length: countOf(test.points) }, (_, row) => {
      const votes = new Map<number, number>();
      for (const near of rows.subarray(row * neighbours, (row + 1) * neighbours)) {
        const label = train.labels[near]!;
        votes.set(label, (votes.get(label) ?? 0) + 1);
      }
      const most = Math.max(...votes.values());
      // A map keeps the order in which its keys came: the nearest first.
      const winner = [...votes].find(([, count]) => count === most)![0];
      return Number(winner === test.labels[row]);
    }),
  );
}
