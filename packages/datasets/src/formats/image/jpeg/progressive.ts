import { DataError } from '@elbo/core';
import { decodeSymbol, receive, receiveSigned, type Bits } from './bits.js';
import type { Frame } from './frame.js';
import { blocksOf, putBlock, type Plane } from './plane.js';
import { blockStart, walkScan, type Scan, type ScanPart } from './scan.js';
import { zigzag, type HuffmanTable } from './tables.js';

/** The coefficients of each component by its id, 64 a block in the order of the file. */
export type Coefficients = ReadonlyMap<number, Int16Array>;

/** No coefficient yet. */
export function coefficientsFor(frame: Frame): Coefficients {
  return new Map(
    frame.components.map((component) => {
      const [across, down] = blocksOf(frame, component);
      return [component.id, new Int16Array(64 * across * down)];
    }),
  );
}

/** Adds what a scan says of the coefficients: some of them, or more bits of them (ITU-T T.81, section G). */
export function decodeProgressive(
  bits: Bits,
  frame: Frame,
  scan: Scan,
  interval: number,
  coefficients: Coefficients,
): void {
  const state = { ended: 0 };
  const decode =
    scan.first === 0
      ? scan.high === 0
        ? firstMean
        : furtherMean
      : scan.high === 0
        ? firstValues
        : furtherValues;
  const visit = (part: ScanPart, x: number, y: number): void => {
    const { component } = part;
    const at = blockStart(frame, component, x, y);
    decode(bits, scan, part, coefficients.get(component.id)!, at, state);
  };
  walkScan(bits, frame, scan, interval, visit, () => {
    state.ended = 0;
  });
}

type Decode = (
  bits: Bits,
  scan: Scan,
  part: ScanPart,
  values: Int16Array,
  at: number,
  /** How many blocks to come have no more values. */
  state: { ended: number },
) => void;

function expectTable(table: HuffmanTable | undefined): HuffmanTable {
  if (!table) throw new DataError('it is corrupt: it lacks a table');
  return table;
}

const firstMean: Decode = (bits, { low }, part, values, at) => {
  part.before += receiveSigned(bits, decodeSymbol(bits, expectTable(part.dc)) & 15);
  values[at] = part.before << low;
};

const furtherMean: Decode = (bits, { low }, _part, values, at) => {
  values[at]! |= receive(bits, 1) << low;
};

const firstValues: Decode = (bits, { first, last, low }, { ac }, values, at, state) => {
  if (state.ended > 0) {
    state.ended--;
    return;
  }
  const table = expectTable(ac);
  for (let k = first; k <= last; k++) {
    const symbol = decodeSymbol(bits, table);
    const [run, size] = [symbol >> 4, symbol & 15];
    if (size === 0 && run < 15) {
      state.ended = (1 << run) - 1 + receive(bits, run);
      return;
    }
    k += run;
    if (size === 0) continue;
    if (k > last) throw new DataError('it is corrupt: a block has too many values');
    values[at + k] = receiveSigned(bits, size) * (1 << low);
  }
};

const furtherValues: Decode = (bits, { first, last, low }, { ac }, values, at, state) => {
  const bit = 1 << low;
  const refine = (place: number): void => {
    if (receive(bits, 1) === 1) values[place]! += values[place]! > 0 ? bit : -bit;
  };
  let k = first;
  const table = expectTable(ac);
  while (state.ended === 0 && k <= last) {
    const symbol = decodeSymbol(bits, table);
    const size = symbol & 15;
    let run = symbol >> 4;
    if (size === 0 && run < 15) {
      state.ended = (1 << run) + receive(bits, run);
      break;
    }
    const value = size === 0 ? 0 : receive(bits, 1) === 1 ? bit : -bit;
    // As many zeros are passed over as the symbol says; of what is not zero on the way the next bit follows.
    for (; k <= last; k++) {
      if (values[at + k] !== 0) refine(at + k);
      else if (run-- === 0) break;
    }
    if (value !== 0 && k <= last) values[at + k] = value;
    k++;
  }
  if (state.ended === 0) return;
  for (; k <= last; k++) if (values[at + k] !== 0) refine(at + k);
  state.ended--;
};

/** Makes planes of the coefficients, when all scans were read. */
export function putCoefficients(
  frame: Frame,
  coefficients: Coefficients,
  planes: ReadonlyMap<number, Plane>,
  tables: readonly (Uint16Array | undefined)[],
): void {
  const block = new Int32Array(64);
  for (const component of frame.components) {
    const quantisation = tables[component.table];
    if (!quantisation) throw new DataError('it is corrupt: it lacks a table');
    const values = coefficients.get(component.id)!;
    for (let y = 0; y < component.blocksDown; y++)
      for (let x = 0; x < component.blocksAcross; x++) {
        const at = blockStart(frame, component, x, y);
        let rows = 0;
        for (let k = 0; k < 64; k++) {
          const value = values[at + k]!;
          block[zigzag[k]!] = value * quantisation[k]!;
          if (k > 0 && value !== 0) rows = Math.max(rows, (zigzag[k]! >> 3) + 1);
        }
        putBlock(planes.get(component.id)!, x, y, block, rows);
      }
  }
}
