/** Samples that a block of 8 has along an axis, when it is decoded whole or at a fraction of its size. */
export type BlockSide = 1 | 2 | 4 | 8;

export const blockSides: readonly BlockSide[] = [1, 2, 4, 8];

/**
 * What each of the eight frequencies adds to each sample of a line, `[side, 8]`: the inverse cosine transform (ITU-T T.81,
 * A.3.3), and for a smaller side the mean of the samples that it stands for. Decoding small is therefore the same as decoding
 * whole and then averaging, up to rounding.
 */
const bases: ReadonlyMap<BlockSide, Float64Array> = new Map(
  blockSides.map((side) => {
    const each = 8 / side;
    const basis = new Float64Array(side * 8);
    for (let x = 0; x < 8; x++)
      for (let u = 0; u < 8; u++) {
        const scale = (u === 0 ? Math.SQRT1_2 : 1) / 2 / each;
        basis[Math.floor(x / each) * 8 + u]! += scale * Math.cos(((2 * x + 1) * u * Math.PI) / 16);
      }
    return [side, basis];
  }),
);

/** The basis of a side. */
export function basisOf(side: BlockSide): Float64Array {
  return bases.get(side)!;
}
