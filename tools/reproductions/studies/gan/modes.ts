// How many modes samples find, and how many of them are good.
import type { MixtureDataset } from '@elbo/datasets';

/** How samples lie among modes. */
export interface Modes {
  /** How many modes have a sample within 3 standard deviations, and of how many. */
  readonly found: number;
  readonly of: number;
  /** The share of samples that are within 3 of some mode. */
  readonly good: number;
  /** The least and the largest share of those that a mode has, times the number of modes: 1 where all have as many. */
  readonly least: number;
  readonly most: number;
}

/** Of points of the plane, flat. */
export function countModes(
  samples: Float32Array,
  { modes, sd }: Pick<MixtureDataset, 'modes' | 'sd'>,
): Modes {
  const count = modes.length / 2;
  const hits = Array.from({ length: count }, () => 0);
  for (let i = 0; i < samples.length; i += 2) {
    const distances = hits.map((_, m) =>
      Math.hypot(samples[i]! - modes[2 * m]!, samples[i + 1]! - modes[2 * m + 1]!),
    );
    const nearest = distances.indexOf(Math.min(...distances));
    if (distances[nearest]! <= 3 * sd) hits[nearest]! += 1;
  }
  const good = hits.reduce((a, b) => a + b);
  const relative = (hit: number): number => (good === 0 ? 0 : (hit * count) / good);
  return {
    found: hits.filter((hit) => hit > 0).length,
    of: count,
    good: (2 * good) / samples.length,
    least: relative(Math.min(...hits)),
    most: relative(Math.max(...hits)),
  };
}
