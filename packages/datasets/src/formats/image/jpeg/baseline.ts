import { DataError } from '@elbo/core';
import { decodeSymbol, receiveSigned, type Bits } from './bits.js';
import type { Frame } from './frame.js';
import { putBlock, type Plane } from './plane.js';
import { walkScan, type Scan, type ScanPart } from './scan.js';
import { zigzag } from './tables.js';

/**
 * Decodes a sequential scan straight into planes, so that no coefficients are kept.
 *
 * @param planes by component.
 * @param tables of quantisation, by number.
 */
export function decodeSequential(
  bits: Bits,
  frame: Frame,
  scan: Scan,
  interval: number,
  planes: ReadonlyMap<number, Plane>,
  tables: readonly (Uint16Array | undefined)[],
): void {
  const block = new Int32Array(64);
  const visit = (part: ScanPart, x: number, y: number): void => {
    const { id, table } = part.component;
    const quantisation = tables[table];
    if (!quantisation) throw new DataError('it is corrupt: it lacks a table');
    const rows = readBlock(bits, part, quantisation, block);
    putBlock(planes.get(id)!, x, y, block, rows);
  };
  walkScan(bits, frame, scan, interval, visit, () => undefined);
}

/**
 * Reads a block of coefficients and undoes their quantisation (ITU-T T.81, section F.2.2).
 *
 * @returns how many of its rows have values besides the first, which is the mean.
 */
function readBlock(
  bits: Bits,
  part: ScanPart,
  quantisation: Uint16Array,
  block: Int32Array,
): number {
  const { dc, ac } = part;
  if (!dc || !ac) throw new DataError('it is corrupt: it lacks a table');
  block.fill(0);
  part.before += receiveSigned(bits, decodeSymbol(bits, dc) & 15);
  block[0] = part.before * quantisation[0]!;
  let rows = 0;
  for (let k = 1; k < 64; k++) {
    const symbol = decodeSymbol(bits, ac);
    const size = symbol & 15;
    k += symbol >> 4;
    if (size === 0) {
      if (symbol === 0xf0) continue;
      break;
    }
    if (k > 63) throw new DataError('it is corrupt: a block has too many values');
    const place = zigzag[k]!;
    block[place] = receiveSigned(bits, size) * quantisation[k]!;
    rows = Math.max(rows, (place >> 3) + 1);
  }
  return rows;
}
