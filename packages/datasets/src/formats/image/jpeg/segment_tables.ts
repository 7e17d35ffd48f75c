import { DataError } from '@elbo/core';
import type { Codes } from './scan.js';
import { huffmanTable } from './tables.js';

const wrong = (): DataError => new DataError('it is corrupt: it has a wrong table');

/** Reads tables of codes into those that are known (ITU-T T.81, section B.2.4.2). */
export function parseCodes(data: Uint8Array, codes: Codes): void {
  for (let at = 0; at < data.length;) {
    const named = data[at]!;
    const counts = data.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = data.subarray(at + 17, at + 17 + total);
    if (named >> 4 > 1 || (named & 15) > 3 || counts.length < 16 || symbols.length < total)
      throw wrong();
    (named >> 4 === 0 ? codes.dc : codes.ac)[named & 15] = huffmanTable(counts, symbols);
    at += 17 + total;
  }
}

/** Reads tables of quantisation, of 8 or 16 bits, into those that are known (section B.2.4.1). */
export function parseQuantisation(data: Uint8Array, tables: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < data.length;) {
    const named = data[at]!;
    const wide = named >> 4 === 1;
    const values = data.subarray(at + 1, at + 1 + (wide ? 128 : 64));
    if (named >> 4 > 1 || (named & 15) > 3 || values.length < (wide ? 128 : 64)) throw wrong();
    tables[named & 15] = Uint16Array.from({ length: 64 }, (_, k) =>
      wide ? values[2 * k]! * 256 + values[2 * k + 1]! : values[k]!,
    );
    at += 1 + values.length;
  }
}
