import { gather, type Tensor } from '@tensorflow/tfjs-core';
import { compareSamples } from '../compare_samples.js';
import type { Estimate } from '../estimate.js';
import { resampled, type ResampledOptions } from './resampled.js';

/** Precision, recall, density and coverage, which say something together only. */
export type Neighbourhood = 'precision' | 'recall' | 'density' | 'coverage';

/**
 * Precision, recall, density and coverage of sets of `size` rows among reference rows, and how much they vary. They depend
 * on how many rows there are, and mean something beside those of held-out data among the same reference alone.
 *
 * @throws ShapeError when rows differ in shape or are too few; DataError for fewer than twice `size`.
 */
export function neighbourhoods(
  rows: Tensor,
  reference: Tensor,
  options: ResampledOptions,
): Promise<Readonly<Record<Neighbourhood, Estimate>>> {
  return resampled(rows.shape[0], options, async (chosen) => {
    const set = gather(rows, Array.from(chosen));
    try {
      const { precision, recall, density, coverage } = await compareSamples(set, reference);
      return { precision, recall, density, coverage };
    } finally {
      set.dispose();
    }
  });
}
