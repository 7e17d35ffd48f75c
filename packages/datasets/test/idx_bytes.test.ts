import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseIdx } from '../src/formats/idx/parse.js';
import { gunzip, unpacked } from '../src/formats/idx/read.js';

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('the header of an IDX file', () => {
  it('is of four bytes and the sizes of its axes', () => {
    expect(() => parseIdx(bytes(0, 0, 8), 'it')).toThrow(/3 bytes and no IDX header/);
    // These are a header's beginning, of one axis whose size is not there.
    expect(() => parseIdx(bytes(0, 0, 8, 1), 'it')).toThrow(/4 bytes, less than its header of 8/);
    expect(parseIdx(bytes(0, 0, 8, 1, 0, 0, 0, 2, 7, 9), 'it')).toMatchObject({
      shape: [2],
    });
  });

  it('has four axes at most', () => {
    const of = (axes: number): Uint8Array =>
      bytes(0, 0, 8, axes, ...Array.from({ length: axes }, () => [0, 0, 0, 1]).flat(), 5);
    expect(parseIdx(of(4), 'it').shape).toEqual([1, 1, 1, 1]);
    expect(() => parseIdx(of(5), 'it')).toThrow(/gives 5 axes/);
  });
});

describe('gzip', () => {
  const long = Uint8Array.from({ length: 1_000_000 }, (_, i) => (i * i) % 251);

  it('is told from an array', () => {
    expect(() => parseIdx(gzipSync(long), 'it')).toThrow(/this is gzip/);
  });

  it('is unpacked whole, however many pieces it comes in', async () => {
    expect(Buffer.compare(await gunzip(gzipSync(long), 'it'), long)).toBe(0);
  });

  it('is unpacked no further than to tell that it holds no such array', async () => {
    const beginning = await unpacked(gzipSync(long.map(() => 65)), 'it');
    expect(beginning.length).toBeLessThan(long.length);
    expect(() => parseIdx(beginning, 'it')).toThrow(/not an IDX file/);
  });
});
