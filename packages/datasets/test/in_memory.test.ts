import { expect, test } from 'vitest';
import { fromArrays, fromTable, fromText, idx, type Dataset } from '../src/index.js';

const digestOf = ({ config }: Dataset): unknown => config.digest;

/** Arrays of 15 values, three a row, whose bits can be turned. */
function arrays(turn?: {
  readonly of: 'x' | 'label' | 'condition';
  readonly bit: number;
}): Dataset {
  const given = {
    x: Float32Array.from({ length: 15 }, (_, i) => i / 15),
    label: Int32Array.from([0, 1, 2, 1, 0]),
    condition: Float32Array.from([1, 2, 3, 4, 5]),
  };
  if (turn) {
    const words = new Int32Array(given[turn.of].buffer);
    words[turn.bit >> 5]! ^= 1 << (turn.bit & 31);
  }
  return fromArrays({ ...given, shape: [3], range: 'finite' });
}

test('the digest of values in memory is of every bit that can be turned', () => {
  const digests = [digestOf(arrays())];
  // The lowest bit and the sign of each value, and pairs of neighbours by their signs, are no more alike than others.
  for (let word = 0; word < 15; word++)
    for (const bit of [0, 22, 31])
      digests.push(digestOf(arrays({ of: 'x', bit: 32 * word + bit })));
  for (let word = 0; word < 5; word++)
    digests.push(digestOf(arrays({ of: 'label', bit: 32 * word })));
  for (let word = 0; word < 5; word++)
    digests.push(digestOf(arrays({ of: 'condition', bit: 32 * word + 31 })));
  expect(new Set(digests).size).toBe(1 + 45 + 5 + 5);
  expect(digests.every((digest) => /^[\da-f]{16}$/.test(String(digest)))).toBe(true);
});

test('two signs that turn together are not the values before', () => {
  const x = Float32Array.from([1, 2, 3, 4]);
  const of = (values: Float32Array): unknown =>
    digestOf(fromArrays({ x: values, shape: [2], range: 'finite' }));
  const both = Float32Array.from([-1, -2, 3, 4]);
  expect(of(both)).not.toBe(of(x));
});

test('the same values have the same digest wherever they lie in memory', () => {
  const bytes = Uint8Array.from({ length: 5 + 3 * 7 }, (_, i) => (37 * i) % 256);
  const images = (data: Uint8Array): Dataset => idx({ images: { shape: [3, 7, 1], data } });
  const odd = bytes.subarray(5);
  expect(digestOf(images(odd))).toBe(digestOf(images(odd.slice())));
  const last = odd.slice();
  last[20]! ^= 1;
  expect(digestOf(images(last))).not.toBe(digestOf(images(odd)));
});

test('tables and texts in memory have one too', () => {
  const table = (cell: string): unknown =>
    digestOf(fromTable({ names: ['a'], rows: [['1.5'], ['2.5'], [cell]] }));
  expect(table('3.5')).not.toBe(table('3.75'));
  const text = (word: string): unknown => digestOf(fromText({ texts: ['ab', 'ba', word] }));
  expect(text('aa')).not.toBe(text('bb'));
});

test('a digest is what it has always been, since runs keep it', () => {
  const x = Float32Array.of(0, 1, 0.5);
  expect(digestOf(fromArrays({ x, shape: [1], range: 'unit' }))).toBe('fc7b7c8d6e49439f');
});
