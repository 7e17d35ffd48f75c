// Long sums. Float32 numbers are added one after the other only in runs, which lose less than 4·10⁻⁶ of their sum;
// parts of a few runs are added in a tree, or in double precision. Where a run or a part ends depends on the sizes alone,
// so that the bits of a sum do not depend on who adds which part.
import { addRun } from './windows/runs';

/** The most float32 numbers that are added one after the other. */
export const run: usize = 256;

/** How many parts of at most `size` there are in `n`. */
export function partsOf(n: usize, size: usize): usize {
  return (n + size - 1) / size;
}

/** How often a number can be halved, rounded up. */
function halvings(n: usize): usize {
  const bits = sizeof<usize>() * 8;
  return bits - clz<usize>(n - 1);
}

/** Of two parts or more, how many the first branch of the tree has: the largest power of two that leaves some. */
export function firstBranch(parts: usize): usize {
  return (<usize>1) << (halvings(parts) - 1);
}

/** How many sums wait at most, each for its other branch, in a tree of so many parts. */
export function waiting(parts: usize): usize {
  return parts < 2 ? 0 : halvings(parts);
}

/**
 * to = the sum, in a tree, of `count` parts from the first on, of `n` numbers each. `Parts` is what has a method
 * `write(part, to)`. `spare` is room for as many times `n` numbers as sums wait.
 */
export function sumInTree<Parts>(
  parts: Parts,
  first: usize,
  count: usize,
  n: usize,
  to: usize,
  spare: usize,
): void {
  if (count == 1) return parts.write(first, to);
  const half = firstBranch(count);
  sumInTree<Parts>(parts, first, half, n, to, spare);
  sumInTree<Parts>(parts, first + half, count - half, n, spare, spare + (n << 2));
  addRun(spare, to, n);
}
