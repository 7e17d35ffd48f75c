// How a product is shared: by rows, by columns, or both, in whole tiles.
import type { SideModule } from '../side_exports.js';
import { cut } from './cut.js';
import type { Job } from './job.js';
import type { Args } from './ranges.js';

/** Nanoseconds for a multiplication and an addition. */
export const multiplyAdd = 0.05;

/** The bytes of three matrices. */
export const bytesOfProduct = (rows: number, columns: number, depth: number): number =>
  Float32Array.BYTES_PER_ELEMENT * (rows * depth + depth * columns + rows * columns);

/** Rows and columns of a tile (assembly/products/tile.ts). */
const tile = { rows: 4, columns: 8 } as const;

/** Of a product with a vector: numbers that are added at once (assembly/products/vectors.ts). */
const vector = 32;

/** The job that a product is, with `threads` rooms for its scratch memory, `overRoom` bytes apart. */
export interface ProductJob {
  readonly job: Omit<Job, 'code'>;
  /** Bytes of scratch memory that each thread needs. */
  readonly scratch: number;
}

/** Into how many parts rows and columns are cut: of both operands each part packs its own share, so the less the better. */
function grid(rows: number, columns: number, threads: number): { down: number; along: number } {
  let best = { down: threads, along: 1 };
  const packed = ({ down, along }: typeof best): number => down * columns + along * rows;
  for (let down = 1; down <= threads; down++) {
    const way = { down, along: Math.ceil(threads / down) };
    if (packed(way) < packed(best)) best = way;
  }
  return best;
}

/** The job that these arguments of `product` are, but for the place of the scratch memory, the argument 11. */
export function productJob(side: SideModule, args: Args, threads: number): ProductJob {
  const [rows, columns, depth, , downA, , , , alongB, , overC] = args as [
    ...(readonly [number, number, number, number, number, number]),
    ...(readonly [number, number, number, number, number]),
  ];
  // The rows of a deep product lie side by side.
  const parts =
    columns === 1 || depth > side.productDepth()
      ? { down: threads, along: 1 }
      : rows === 1
        ? { down: 1, along: threads }
        : grid(rows, columns, threads);
  const down = cut(0, rows, { parts: parts.down, unit: columns === 1 ? vector : tile.rows });
  const along = cut(1, columns, { parts: parts.along, unit: rows === 1 ? vector : tile.columns });
  const [some, several] = [shareOf(down), shareOf(along)];
  return {
    job: {
      args,
      down,
      along,
      overDown: { 3: down.each * downA, 9: down.each * overC },
      overAlong: { 6: along.each * alongB, 9: along.each * Float32Array.BYTES_PER_ELEMENT },
    },
    scratch: side.productScratch(some, several, depth) >>> 0,
  };
}

/** The most that a part has. */
export const shareOf = ({
  each,
  all,
  parts,
}: {
  each: number;
  all: number;
  parts: number;
}): number => Math.max(each, all - (parts - 1) * each);
