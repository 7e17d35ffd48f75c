import { expect, test } from 'vitest';
import { FileError, parseJson, printable, printableLines } from '../src/index.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('what JSON.parse reads is read alike, as text and as bytes, with and without a byte-order mark', () => {
  for (const text of ['null', '[1,{"a":"b\\"[[[[{"}]', ' {"x":[]} ', '"\\\\"', '-1e3']) {
    const expected: unknown = JSON.parse(text);
    for (const source of [text, `\ufeff${text}`])
      for (const given of [source, bytes(source)]) expect(parseJson(given, 'it')).toEqual(expected);
  }
});

test('depth and size are exact limits', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(() => parseJson(nested(3), 'it', { depth: 3 })).not.toThrow();
  expect(() => parseJson(nested(4), 'it', { depth: 3 })).toThrow(/it nests .* more than 3 deep/);
  expect(() => parseJson('{"a":'.repeat(2000) + '1' + '}'.repeat(2000), 'it')).toThrow(FileError);
  // Brackets in a text are none.
  expect(parseJson(`["${'['.repeat(500)}"]`, 'it')).toHaveLength(1);
  expect(parseJson('[[],[],[]]', 'it', { depth: 2 })).toHaveLength(3);
  expect(parseJson('12345', 'it', { size: 5 })).toBe(12345);
  expect(() => parseJson('12345', 'it', { size: 4 })).toThrow(
    /it has 5 bytes, more than the limit of 4/,
  );
});

test('a key of the prototype is a plain property, and nothing else is changed by it', () => {
  const value = parseJson('{"__proto__":{"polluted":1},"constructor":2}', 'it') as object;
  expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
  expect('polluted' in value).toBe(false);
  expect('polluted' in {}).toBe(false);
});

test('what is no JSON is one FileError that names it and writes out control characters', () => {
  for (const source of ['', '{', '{"a":1}x', 'root:\u001b[31mred', '[1,]'])
    expect(() => parseJson(source, 'conf')).toThrow(/^conf is not JSON \([^\p{Cc}]+\): repair it/u);
  expect(() => parseJson(Uint8Array.of(0xff, 0xfe, 0x7b, 0), 'conf')).toThrow(/not text in UTF-8/);
  expect(printableLines('a\u001b\n\tb\r')).toBe('a\\u{1b}\n\tb\\u{d}');
  expect(printable('a\u001b[31m\u202eb\nc é 😀')).toBe('a\\u{1b}[31m\\u{202e}b\\u{a}c é 😀');
});

test('what an engine says of broken JSON is one line of it: whole if it is short, cut if it is not', () => {
  const short = /^it is not JSON \((.+)\): repair it/;
  const said = (text: string): string => {
    try {
      parseJson(text, 'it');
    } catch (error) {
      return short.exec((error as Error).message)![1]!;
    }
    return '';
  };
  expect(said('[1,]')).not.toContain('…');
  expect(said('[1,]').length).toBeGreaterThan(10);
  // A word that is long and no JSON is quoted by V8 in part; control characters are longer when they are written out.
  const long = said(`"${'\u0001'.repeat(200)}"`);
  expect(long.length).toBeLessThanOrEqual(120 + ' …'.length);
});
