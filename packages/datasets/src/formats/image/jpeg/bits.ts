import { DataError } from '@elbo/core';
import { fastBits, type HuffmanTable } from './tables.js';

/** Where the bits of a scan are read. */
export interface Bits {
  readonly data: Uint8Array;
  /** The next byte. */
  at: number;
  /** The bits that were taken from the bytes and not read, lowest last. */
  buffer: number;
  count: number;
  /** Whether a marker, or the end of the data, is next. */
  ended: boolean;
}

/** Bits from the byte `at` on. */
export function bitsFrom(data: Uint8Array, at: number): Bits {
  return { data, at, buffer: 0, count: 0, ended: false };
}

function fill(bits: Bits): void {
  const { data } = bits;
  while (bits.count <= 24 && !bits.ended) {
    const byte = data[bits.at];
    if (byte === undefined) bits.ended = true;
    else if (byte !== 0xff) {
      bits.at++;
      bits.buffer = (bits.buffer << 8) | byte;
      bits.count += 8;
    } else if (data[bits.at + 1] === 0) {
      bits.at += 2;
      bits.buffer = (bits.buffer << 8) | 0xff;
      bits.count += 8;
    } else bits.ended = true;
  }
}

const cutShort = (): DataError => new DataError('it is cut short or corrupt');

/** The next `n` bits, at most 16, as a number. */
export function receive(bits: Bits, n: number): number {
  if (n === 0) return 0;
  if (bits.count < n) fill(bits);
  if (bits.count < n) throw cutShort();
  bits.count -= n;
  return (bits.buffer >>> bits.count) & ((1 << n) - 1);
}

/** The next `n` bits as a number with a sign (ITU-T T.81, figure F.12). */
export function receiveSigned(bits: Bits, n: number): number {
  const value = receive(bits, n);
  return n > 0 && value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
}

/** The next symbol. */
export function decodeSymbol(bits: Bits, { fast, ends, offsets, symbols }: HuffmanTable): number {
  if (bits.count < 16) fill(bits);
  const { count } = bits;
  const next = (count >= 16 ? bits.buffer >>> (count - 16) : bits.buffer << (16 - count)) & 0xffff;
  const entry = fast[next >>> (16 - fastBits)]!;
  let length = entry >>> 8;
  let symbol = entry & 255;
  if (length === 0) {
    length = fastBits + 1;
    while (length <= 16 && next >>> (16 - length) >= ends[length]!) length++;
    if (length > 16) throw cutShort();
    symbol = symbols[(next >>> (16 - length)) + offsets[length]!] ?? 0;
  }
  if (length > count) throw cutShort();
  bits.count = count - length;
  return symbol;
}

/** Goes on behind a restart marker; `false` when another one, or nothing, is next. */
export function restart(bits: Bits): boolean {
  const { data } = bits;
  let at = bits.at;
  while (data[at] === 0xff && data[at + 1] === 0xff) at++;
  const marker = data[at + 1] ?? 0;
  if (data[at] !== 0xff || marker < 0xd0 || marker > 0xd7) return false;
  bits.at = at + 2;
  bits.buffer = 0;
  bits.count = 0;
  bits.ended = false;
  return true;
}
