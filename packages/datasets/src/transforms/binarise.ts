import { sizeOf } from '@elbo/core';
import { bernoulli, fold } from '@elbo/random';
import { keyOf } from '../checks.js';
import { derived, mapRows, type Dataset } from '../dataset.js';

/**
 * How `binarise` makes 0 or 1 of a pixel p in [0, 1]: `dynamic` draws Bernoulli(p) afresh at every read, from the
 * read's key (Burda et al. 2015); `static` draws it once, from the seed and the row's number; `threshold` is p ≥ ½.
 */
export type Binarisation = 'dynamic' | 'static' | 'threshold';

/**
 * A dataset with every value made 0 or 1. Log-likelihoods of differently binarised data do not compare: name the
 * binarisation next to each. `seed` matters to `static` only.
 *
 * @example
 * ```ts
 * import { binarise, strokes } from '@elbo/datasets';
 * import { key } from '@elbo/random';
 *
 * const data = binarise(strokes({ size: 10 }), 'dynamic');
 * const { x } = await data.read(new Uint32Array([0]), key(7));
 * console.log(data.binary, x.every((value) => value === 0 || value === 1)); // true true
 * ```
 */
export function binarise(data: Dataset, how: Binarisation, seed = 0): Dataset {
  const source = fold(keyOf(seed, `binarise of ${data.name}`), 'binarise');
  const width = sizeOf(data.shape);
  return derived(data, {
    ...(data.factors && { factors: data.factors }),
    config: { kind: 'binarise', data: data.config, how, seed },
    binary: true,
    range: 'unit',
    read: (rows, readKey) =>
      mapRows(data.read(rows, readKey), (read) => {
        const p = read.x;
        if (how === 'dynamic')
          return { ...read, x: bernoulli(fold(readKey, 'binarise'), p, p.length) };
        const x = new Float32Array(p.length);
        if (how === 'threshold') {
          for (let i = 0; i < p.length; i++) x[i] = Number(p[i]! >= 0.5);
          return { ...read, x };
        }
        rows.forEach((row, i) => {
          const pixels = p.subarray(i * width, (i + 1) * width);
          bernoulli(fold(source, row), pixels, width, x.subarray(i * width, (i + 1) * width));
        });
        return { ...read, x };
      }),
  });
}
