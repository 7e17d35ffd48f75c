import { partsOf, run, sumInTree, waiting } from '../parts';
import { pack } from './pack';
import { partialTile, tile, tileColumns, tileRows } from './tile';
import { innerProducts, sumOfRows } from './vectors';

// Blocks that the caches hold: a block of A's panels in the second level, a panel of B's in the first (Goto & van de
// Geijn 2008, "Anatomy of high-performance matrix multiplication").
const blockDepth: usize = run;
const blockRows: usize = 96;
const blockColumns: usize = 2048;
/** Below this many rows, packing B costs more than reading it where it lies. */
const fewRows: usize = 16;

/** What is multiplied at once: a sum of more terms is a tree of parts. A part's blocks are added one after the other. */
export const partDepth: usize = 16 * blockDepth;
/** `partDepth`, for those who share a product: of a deeper one the rows lie side by side. */
export function productDepth(): usize {
  return partDepth;
}

/** Numbers of a sum that waits in the tree. */
const mostWaiting: usize = 1 << 20;

/** The rows that are multiplied at once where the sums are trees. */
function rowsInTree(columns: usize): usize {
  return max(1, mostWaiting / max<usize>(columns, 1) / blockRows) * blockRows;
}

/** A product in parts: the arguments of `product`, of some rows. */
@unmanaged
class Deep {
  rows: usize;
  columns: usize;
  depth: usize;
  a: usize;
  downA: usize;
  alongA: usize;
  b: usize;
  downB: usize;
  alongB: usize;
  scratch: usize;

  write(part: usize, c: usize): void {
    const first = part * partDepth;
    productOfPart(
      this.rows,
      this.columns,
      min(partDepth, this.depth - first),
      this.a + first * this.alongA,
      this.downA,
      this.alongA,
      this.b + first * this.downB,
      this.downB,
      this.alongB,
      c,
      this.columns << 2,
      this.scratch,
    );
  }
}

/** The bytes of scratch memory that a product of blocks needs, whatever its sizes. */
export const blockScratch: usize =
  (blockDepth * (blockRows + blockColumns + tileColumns) + tileRows * tileColumns) * 4;

/** The bytes of scratch memory that `product` needs. */
export function productScratch(rows: usize, columns: usize, depth: usize): usize {
  const sums = waiting(partsOf(depth, partDepth));
  const each = min(rows, rowsInTree(columns)) * columns;
  return blockScratch + offsetof<Deep>() + sums * (each << 2);
}

/** One block of A, packed, times one block of B. */
function blockProduct(
  rows: usize,
  columns: usize,
  depth: usize,
  a: usize,
  b: usize,
  overPanel: usize,
  overB: usize,
  c: usize,
  overC: usize,
  accumulate: bool,
  whole: usize,
): void {
  for (let j: usize = 0; j < columns; j += tileColumns) {
    for (let i: usize = 0; i < rows; i += tileRows) {
      const panel = a + i * depth * 4;
      const to = c + i * overC + (j << 2);
      if (rows - i >= tileRows && columns - j >= tileColumns)
        tile(depth, panel, b, overB, to, overC, accumulate);
      else {
        const inside = min(tileColumns, columns - j);
        const below = min(tileRows, rows - i);
        partialTile(depth, panel, b, overB, to, overC, accumulate, below, inside, whole);
      }
    }
    b += overPanel;
  }
}

/** C = A · B, or C + A · B when `accumulate`, by blocks; the other arguments are those of `product`. */
export function productOfBlocks(
  rows: usize,
  columns: usize,
  depth: usize,
  a: usize,
  downA: usize,
  alongA: usize,
  b: usize,
  downB: usize,
  alongB: usize,
  c: usize,
  overC: usize,
  scratch: usize,
  accumulate: bool,
): void {
  const panelsA = scratch;
  const panelsB = panelsA + blockDepth * blockRows * 4;
  const whole = panelsB + blockDepth * (blockColumns + tileColumns) * 4;
  for (let firstColumn: usize = 0; firstColumn < columns; firstColumn += blockColumns) {
    const someColumns = min(blockColumns, columns - firstColumn);
    for (let first: usize = 0; first < depth; first += blockDepth) {
      const someDepth = min(blockDepth, depth - first);
      const blockB = b + first * downB + firstColumn * alongB;
      // Where B lies by rows and is used for few rows of A, its panels are read in place, but for the last.
      const inPlace = rows < fewRows && alongB == 4 ? someColumns & ~(tileColumns - 1) : 0;
      pack(
        blockB + inPlace * alongB,
        someDepth,
        someColumns - inPlace,
        downB,
        alongB,
        tileColumns,
        panelsB,
      );
      for (let firstRow: usize = 0; firstRow < rows; firstRow += blockRows) {
        const someRows = min(blockRows, rows - firstRow);
        const from = a + firstRow * downA + first * alongA;
        pack(from, someDepth, someRows, alongA, downA, tileRows, panelsA);
        const to = c + firstRow * overC + (firstColumn << 2);
        const more = accumulate || first > 0;
        if (inPlace > 0)
          blockProduct(
            someRows,
            inPlace,
            someDepth,
            panelsA,
            blockB,
            tileColumns << 2,
            downB,
            to,
            overC,
            more,
            whole,
          );
        const packedColumns = someColumns - inPlace;
        const panel = (someDepth * tileColumns) << 2;
        const rest = to + (inPlace << 2);
        blockProduct(
          someRows,
          packedColumns,
          someDepth,
          panelsA,
          panelsB,
          panel,
          tileColumns << 2,
          rest,
          overC,
          more,
          whole,
        );
      }
    }
  }
}

/** C = A · B, of a depth from 1 to `partDepth`; the arguments are those of `product`. */
function productOfPart(
  rows: usize,
  columns: usize,
  depth: usize,
  a: usize,
  downA: usize,
  alongA: usize,
  b: usize,
  downB: usize,
  alongB: usize,
  c: usize,
  overC: usize,
  scratch: usize,
): void {
  if (rows == 1 && alongA == 4 && downB == 4) return innerProducts(columns, depth, b, alongB, a, c);
  const isColumn = columns == 1 && overC == 4;
  if (isColumn && downB == 4 && alongA == 4) return innerProducts(rows, depth, a, downA, b, c);
  if (rows == 1 && alongB == 4) return sumOfRows(columns, depth, a, alongA, b, downB, c);
  if (isColumn && downA == 4) return sumOfRows(rows, depth, b, downB, a, alongA, c);
  productOfBlocks(
    rows,
    columns,
    depth,
    a,
    downA,
    alongA,
    b,
    downB,
    alongB,
    c,
    overC,
    scratch,
    false,
  );
}

/**
 * C = A · B, for `rows` × `depth` and `depth` × `columns` float32 numbers. `downA` and `alongA` are the bytes from one
 * element of A to the next down a column and along a row, those of B likewise: so a transposed operand is one whose
 * two strides are exchanged. The rows of C are `overC` bytes apart, side by side where the depth is more than
 * `partDepth`, and C overlaps nothing. `scratch` is room for `productScratch` of the same sizes.
 */
export function product(
  rows: usize,
  columns: usize,
  depth: usize,
  a: usize,
  downA: usize,
  alongA: usize,
  b: usize,
  downB: usize,
  alongB: usize,
  c: usize,
  overC: usize,
  scratch: usize,
): void {
  if (depth == 0) {
    for (let i: usize = 0; i < rows; i++) memory.fill(c + i * overC, 0, columns << 2);
    return;
  }
  const parts = partsOf(depth, partDepth);
  if (parts == 1)
    return productOfPart(
      rows,
      columns,
      depth,
      a,
      downA,
      alongA,
      b,
      downB,
      alongB,
      c,
      overC,
      scratch,
    );
  const some = rowsInTree(columns);
  const deep = changetype<Deep>(scratch + blockScratch);
  const spare = scratch + blockScratch + offsetof<Deep>();
  deep.columns = columns;
  deep.depth = depth;
  deep.downA = downA;
  deep.alongA = alongA;
  deep.b = b;
  deep.downB = downB;
  deep.alongB = alongB;
  deep.scratch = scratch;
  for (let first: usize = 0; first < rows; first += some) {
    const count = min(some, rows - first);
    deep.rows = count;
    deep.a = a + first * downA;
    sumInTree<Deep>(deep, 0, parts, count * columns, c + ((first * columns) << 2), spare);
  }
}
