import { DataError } from '@elbo/core';
import { restart, type Bits } from './bits.js';
import { blocksOf } from './plane.js';
import type { Component, Frame } from './frame.js';
import type { HuffmanTable } from './tables.js';

/** A component's part in a scan. */
export interface ScanPart {
  readonly component: Component;
  readonly dc: HuffmanTable | undefined;
  readonly ac: HuffmanTable | undefined;
  /** The value that the next is the difference from. */
  before: number;
}

/** What a scan header says (ITU-T T.81, section B.2.3). */
export interface Scan {
  readonly parts: readonly ScanPart[];
  /** The first and the last of its coefficients, in the order of the file. */
  readonly first: number;
  readonly last: number;
  /** The bits below those of this scan: of the scans before it, and of itself. */
  readonly high: number;
  readonly low: number;
}

/** The tables of codes that are known by number. */
export interface Codes {
  readonly dc: (HuffmanTable | undefined)[];
  readonly ac: (HuffmanTable | undefined)[];
}

/** @throws DataError for a scan that makes no sense in its frame. */
export function parseScan(data: Uint8Array, frame: Frame, codes: Codes): Scan {
  const [count = 0] = data;
  const wrong = (): DataError => new DataError('it is corrupt: a scan makes no sense');
  if (count < 1 || count > 4 || data.length < 4 + 2 * count) throw wrong();
  const parts = Array.from({ length: count }, (_, i): ScanPart => {
    const [id, tables = 0] = data.subarray(1 + 2 * i);
    const component = frame.components.find((each) => each.id === id);
    if (!component) throw wrong();
    return { component, dc: codes.dc[tables >> 4], ac: codes.ac[tables & 15], before: 0 };
  });
  const [first = 0, last = 0, bits = 0] = data.subarray(1 + 2 * count);
  const scan = { parts, first, last, high: bits >> 4, low: bits & 15 };
  const distinct = new Set(parts.map(({ component }) => component)).size === count;
  const spectrum = first === 0 ? last === 0 || !frame.progressive : count === 1;
  if (!distinct || first > last || last > 63 || scan.low > 13 || !spectrum) throw wrong();
  return scan;
}

/**
 * Visits the blocks of a scan in the order of the file: of one component row by row, of several in units that have some of
 * each; and goes on behind the restart markers.
 *
 * @param interval units between restart markers; 0 for none.
 */
export function walkScan(
  bits: Bits,
  frame: Frame,
  { parts }: Scan,
  interval: number,
  visit: (part: ScanPart, blockX: number, blockY: number) => void,
  restarted: () => void,
): void {
  const [only] = parts;
  const single = parts.length === 1;
  const across = single ? only!.component.blocksAcross : frame.unitsAcross;
  const down = single ? only!.component.blocksDown : frame.unitsDown;
  let left = interval;
  for (let y = 0; y < down; y++)
    for (let x = 0; x < across; x++) {
      if (interval > 0 && left-- === 0) {
        if (!restart(bits)) throw new DataError('it is cut short or corrupt');
        for (const part of parts) part.before = 0;
        restarted();
        left = interval - 1;
      }
      if (single) {
        visit(only!, x, y);
        continue;
      }
      for (const part of parts) {
        const { h, v } = part.component;
        for (let j = 0; j < v; j++) for (let i = 0; i < h; i++) visit(part, x * h + i, y * v + j);
      }
    }
}

/** Where a block's coefficients begin among all of its component's. */
export function blockStart(frame: Frame, component: Component, x: number, y: number): number {
  return 64 * (y * blocksOf(frame, component)[0] + x);
}
