// Which mutants are run: a seeded sample, spread over the packages by how many mutants each has.
import { createHash } from 'node:crypto';

/** A mutant's place in the order of a seed. It hangs on its own words alone, so that what changes elsewhere moves none. */
const rank = (seed, { id }) => createHash('sha256').update(`${seed} ${id}`).digest('hex');

/** The first `count` mutants in the order of a seed. */
export const sampled = (mutants, count, seed) =>
  mutants
    .map((mutant) => [rank(seed, mutant), mutant])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, count)
    .map(([, mutant]) => mutant);

/** Shares of `count` in proportion to how many each has (largest remainders), at least `least` where there are so many. */
export function spread(sizes, count, least = 12) {
  const all = sizes.reduce((a, b) => a + b, 0);
  const exact = sizes.map((size) => Math.max(Math.min(size, least), (size / all) * count));
  const shares = exact.map(Math.floor);
  const late = exact
    .map((value, i) => [value - shares[i], i])
    .sort(([a], [b]) => b - a)
    .map(([, i]) => i);
  for (const i of late) {
    if (shares.reduce((a, b) => a + b, 0) >= count) break;
    shares[i]++;
  }
  return shares.map((share, i) => Math.min(share, sizes[i]));
}
