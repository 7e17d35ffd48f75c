import { expectRows } from '../checks.js';
import type { Dataset } from '../dataset.js';
import { gatherFloats } from '../reading/gather.js';

/**
 * The four one-hot images of 2×2 pixels, each its own class (Mescheder, Nowozin and Geiger 2017, §6.1). A batch
 * larger than four repeats them evenly. No model of them exceeds log p(x) = −log 4 nats on average.
 *
 * @example
 * ```ts
 * import { fourPixels } from '@elbo/datasets';
 * import { key } from '@elbo/random';
 *
 * const { x } = await fourPixels().read(new Uint32Array([0, 3]), key(7));
 * console.log([...x]); // [ 1, 0, 0, 0, 0, 0, 0, 1 ]
 * ```
 */
export function fourPixels(): Dataset {
  const images = Float32Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const dataset: Dataset = {
    config: { kind: 'four-pixels' },
    name: 'four-pixels',
    size: 4,
    shape: [2, 2, 1],
    classes: 4,
    binary: true,
    read: (rows) => {
      expectRows(rows, dataset);
      return { x: gatherFloats(images, 4, rows), label: Int32Array.from(rows) };
    },
  };
  return dataset;
}
