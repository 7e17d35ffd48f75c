import { sizeOf } from '@elbo/core';
import type { Batch } from '@elbo/objectives';

/** How many values p(x|z) is asked for at once. Some tens of tensors of this size are held, and as many again where it is differentiated. */
const values = 2 ** 21;

/** How many z are decoded at once by default: `most`, or fewer where rows are large, such as images in colour. */
export function usualChunk({ x }: Pick<Batch, 'x'>, most: number): number {
  const [, ...shape] = x.shape;
  return Math.max(1, Math.min(most, Math.floor(values / sizeOf(shape))));
}
