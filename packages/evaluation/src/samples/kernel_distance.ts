import { expectCount } from '../estimable.js';
import { estimateOf, type Estimate } from '../estimate.js';
import { countOf, expectPoints, pickPoints, type Points } from '../points.js';

/**
 * The squared kernel distance (Bińkowski et al. 2018, §4; "KID" on features of a network): the unbiased squared maximum
 * mean discrepancy with the kernel (⟨x, y⟩/D + 1)³, in doubles. Its mean is 0 of equal distributions whatever the number
 * of samples, so that single values may be negative; it sees three moments.
 *
 * @throws ShapeError when the two differ in dimension; DataError when one has fewer than two samples.
 */
export function kernelDistance(p: Points, q: Points): number {
  expectPoints('kernelDistance', 2, p, q);
  return meanKernel(p, p, true) + meanKernel(q, q, true) - 2 * meanKernel(p, q, false);
}

/**
 * The same with a standard error: the mean of the distances of `blocks` pairs of parts, which are as many independent
 * values without bias (Bińkowski et al. 2018, §4).
 *
 * @throws ShapeError when the two differ in dimension; DataError when one has fewer than two samples a block; ConfigError
 * for fewer than two blocks.
 */
export function kernelDistanceByBlocks(p: Points, q: Points, blocks = 10): Estimate {
  expectCount('kernelDistanceByBlocks', 'blocks', blocks, 2);
  expectPoints('kernelDistanceByBlocks', 2 * blocks, p, q);
  const part = (points: Points, block: number): Points => {
    const size = Math.floor(countOf(points) / blocks);
    return pickPoints(
      points,
      Array.from({ length: size }, (_, i) => block * size + i),
    );
  };
  return estimateOf(
    Array.from({ length: blocks }, (_, block) => kernelDistance(part(p, block), part(q, block))),
  );
}

/** The mean over pairs, of different points where the sets are the same. */
function meanKernel(a: Points, b: Points, same: boolean): number {
  const { dim } = a;
  const [n, m] = [countOf(a), countOf(b)];
  let total = 0;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < m; j++) {
      if (same && i === j) continue;
      let inner = 0;
      for (let d = 0; d < dim; d++) inner += a.values[i * dim + d]! * b.values[j * dim + d]!;
      total += (inner / dim + 1) ** 3;
    }
  return total / (n * (same ? m - 1 : m));
}
