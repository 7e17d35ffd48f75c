import { expect, test } from 'vitest';
import { protobufBytes as joined, protobufField as field } from '../src/index.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

// The first two are the examples of the encoding's own documentation (protobuf.dev, Encoding).
test('an integer is seven bits a byte, the lowest first, after its field and kind', () => {
  expect(joined(field.int(1, 150))).toEqual(bytes(0x08, 0x96, 0x01));
  expect(joined(field.int(16, 0))).toEqual(bytes(0x80, 0x01, 0));
});

test('text and messages have their length before them', () => {
  expect(joined(field.string(2, 'testing'))).toEqual(
    bytes(0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67),
  );
  expect(joined(field.message(3, field.int(1, 150)))).toEqual(bytes(0x1a, 0x03, 0x08, 0x96, 0x01));
});

test('a negative integer is 64 bits of two’s complement', () => {
  expect(joined(field.int(1, -1))).toEqual(bytes(8, ...new Array<number>(9).fill(255), 1));
});

test('a float is four bytes, the lowest first', () => {
  expect(joined(field.float(4, 1))).toEqual(bytes(0x25, 0, 0, 0x80, 0x3f));
});
