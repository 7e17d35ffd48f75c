// How many modes samples find, and how many of them are good.

/**
 * @param samples Points of the plane, flat.
 * @returns How many modes have a sample within 3 standard deviations, the share of samples that are within 3 of some
 * mode, and the least and the largest share of those that a mode has, times the number of modes: 1 where all have as
 * many.
 */
export function countModes(samples, { modes, sd }) {
  const count = modes.length / 2;
  const hits = new Array(count).fill(0);
  for (let i = 0; i < samples.length; i += 2) {
    const distances = hits.map((_, m) =>
      Math.hypot(samples[i] - modes[2 * m], samples[i + 1] - modes[2 * m + 1]),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    if (distances[nearest] <= 3 * sd) hits[nearest]++;
  }
  const good = hits.reduce((a, b) => a + b);
  const relative = (hit) => (good === 0 ? 0 : (hit * count) / good);
  return {
    found: hits.filter((hit) => hit > 0).length,
    of: count,
    good: (2 * good) / samples.length,
    least: relative(Math.min(...hits)),
    most: relative(Math.max(...hits)),
  };
}
