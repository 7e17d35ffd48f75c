import { key, normal } from '@elbo/random';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeSafetensors, encodeSafetensors, FileError, type HostTensor } from '../src/index.js';
import { countWork } from './count_work.js';

const tensors = new Map<string, HostTensor>([
  ['params/encoder/dense_0/kernel', { shape: [3, 5], values: normal(key(1), 15) }],
  ['empty', { shape: [0, 4], values: new Float32Array() }],
  ['scalar', { shape: [], values: Float32Array.of(-0) }],
]);
const metadata = { step: '12', config: '{"kind":"µ"}' };
const bytes = encodeSafetensors({ tensors, metadata });

describe('safetensors', () => {
  it('reads what it wrote, to the bit', () => {
    const read = decodeSafetensors(bytes, 'it');
    expect(read.metadata).toEqual(metadata);
    expect([...read.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
    for (const [name, { shape, values }] of tensors) {
      expect(read.tensors.get(name)?.shape).toEqual(shape);
      expect(new Uint32Array(read.tensors.get(name)!.values.buffer)).toEqual(
        new Uint32Array(values.slice().buffer),
      );
    }
  });

  it('lays values out as the format says: header length, JSON, aligned little-endian floats', () => {
    const view = new DataView(bytes.buffer);
    const header = Number(view.getBigUint64(0, true));
    expect((8 + header) % 8).toBe(0);
    const json = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + header))) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: number[] }
    >;
    expect(json['params/encoder/dense_0/kernel']).toEqual({
      dtype: 'F32',
      shape: [3, 5],
      data_offsets: [0, 60],
    });
    expect(view.getFloat32(8 + header, true)).toBe(
      tensors.get('params/encoder/dense_0/kernel')!.values[0],
    );
  });

  it('refuses every truncation and every file with more at its end', () => {
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeSafetensors(bytes.subarray(0, length), 'cut.safetensors')).toThrow(
        FileError,
      );
    const longer = new Uint8Array(bytes.length + 1);
    longer.set(bytes);
    expect(() => decodeSafetensors(longer, 'long')).toThrow(/1 bytes follow the last tensor/);
  });

  it('reads a corrupted header as a FileError that names the file, or as a whole file', () => {
    const header = new DataView(bytes.buffer).getUint32(0, true);
    fc.assert(
      fc.property(fc.nat(8 + header - 1), fc.integer({ min: 0, max: 255 }), (at, value) => {
        const broken = bytes.slice();
        broken[at] = value;
        try {
          const read = decodeSafetensors(broken, 'broken.safetensors');
          for (const { shape, values } of read.tensors.values())
            expect(values.length).toBe(shape.reduce((a, b) => a * b, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(FileError);
          expect((error as Error).message).toContain('broken.safetensors');
        }
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('says where a header stops to be JSON', () => {
    const forged = (json: string): Uint8Array => {
      const file = new Uint8Array(8 + json.length);
      new DataView(file.buffer).setUint32(0, json.length, true);
      file.set(new TextEncoder().encode(json), 8);
      return file;
    };
    for (const [json, message] of [
      ['{1:2}', 'a text is wanted at character 1'],
      ['{"a" 2}', "':' is wanted at character 5"],
      ['{"a":[1 2]}', "',' or ']' is wanted at character 8"],
      ['{"a":1 "b":2}', "',' or '}' is wanted at character 7"],
      ['{"a":x}', 'a value is wanted at character 5'],
      ['{"a":1e999}', 'the number is too large'],
      ['{} {}', 'something follows at character 3'],
    ] as const)
      expect(() => decodeSafetensors(forged(json), 'forged')).toThrow(`is not JSON (${message}`);
  });

  it('refuses tensors that overlap, leave gaps or lie about their size', () => {
    const forge = (entries: Record<string, unknown>, data: number): Uint8Array => {
      const json = new TextEncoder().encode(JSON.stringify(entries));
      const file = new Uint8Array(8 + json.length + data);
      new DataView(file.buffer).setUint32(0, json.length, true);
      file.set(json, 8);
      return file;
    };
    const f32 = (shape: number[], data_offsets: number[]) => ({
      dtype: 'F32',
      shape,
      data_offsets,
    });
    const refused: [Record<string, unknown>, number, RegExp][] = [
      [{ a: f32([2], [0, 8]), b: f32([2], [4, 12]) }, 12, /'b' begins at 4, not at 8/],
      [{ a: f32([1], [4, 8]) }, 8, /begins at 4, not at 0/],
      [{ a: f32([3], [0, 8]) }, 8, /should take 12 bytes, not 8/],
      [{ a: f32([1e8, 1e9], [0, 8]) }, 8, /bytes, not 8/],
      [{ a: { dtype: 'F16', shape: [4], data_offsets: [0, 8] } }, 8, /type F16, and only F32/],
      [{ a: { dtype: 'F32', shape: [-1], data_offsets: [0, 4] } }, 4, /wrong form/],
    ];
    for (const [entries, data, message] of refused)
      expect(() => decodeSafetensors(forge(entries, data), 'forged')).toThrow(message);
  });
});

interface Corpus {
  readonly cases: readonly {
    readonly case: string;
    readonly file: string;
    readonly read: Readonly<
      Record<string, { readonly shape: number[]; readonly bytes: string }>
    > | null;
  }[];
}

// Made by tools/fuzz/tensor_files.py.
const corpus = JSON.parse(
  readFileSync(new URL('safetensors_corpus.json', import.meta.url), 'utf8'),
) as Corpus;

describe('files and what the library for Python makes of them', () => {
  it.each(corpus.cases)('$case', ({ file, read }) => {
    const content = Uint8Array.from(Buffer.from(file, 'base64'));
    if (read === null) {
      expect(() => decodeSafetensors(content, 'it')).toThrow(FileError);
      return;
    }
    const found = decodeSafetensors(content, 'it');
    const shown = [...found.tensors].map(
      ([name, { shape, values }]) =>
        [name, { shape, bytes: Buffer.from(values.buffer).toString('hex') }] as const,
    );
    expect(new Map(shown)).toEqual(new Map(Object.entries(read)));
    const again = decodeSafetensors(encodeSafetensors(found), 'again');
    expect(again).toEqual(found);
  });

  it('writes names of every kind, and refuses those that the format cannot hold', () => {
    const named = (...names: string[]): Uint8Array =>
      encodeSafetensors({
        tensors: new Map(
          names.map((name, i) => [name, { shape: [1], values: Float32Array.of(i) }]),
        ),
        metadata: {},
      });
    const names = [
      '__proto__',
      '10',
      'constructor',
      '9',
      'toString',
      'prototype',
      '',
      'a"\\\u0000',
    ];
    const { tensors } = decodeSafetensors(named(...names), 'it');
    expect([...tensors].map(([name, { values }]) => [name, values[0]])).toEqual(
      names.map((name, i) => [name, i]),
    );
    for (const name of ['__metadata__', '\ud800'])
      expect(() => named(name)).toThrow(/No tensor of a safetensors file can be named/);
    const short = new Map([['a', { shape: [3], values: new Float32Array(2) }]]);
    expect(() => encodeSafetensors({ tensors: short, metadata: {} })).toThrow(
      /has 2 values.*takes 3/,
    );
  });

  it('holds sizes that JSON would round, and refuses shapes that the format cannot hold', () => {
    const of = (shape: number[]): Uint8Array =>
      encodeSafetensors({
        tensors: new Map([['a', { shape, values: new Float32Array() }]]),
        metadata: {},
      });
    for (const shape of [
      [0, 2 ** 53],
      [2 ** 60, 0],
    ]) {
      expect(decodeSafetensors(of(shape), 'it').tensors.get('a')?.shape).toEqual(shape);
      expect(Buffer.from(of(shape)).toString()).toContain(`[${shape.map(BigInt).join(',')}]`);
    }
    for (const shape of [
      [0, -1],
      [0, 1.5],
      [0, NaN],
      [0, 2 ** 64],
      [2 ** 40, 2 ** 40, 0],
    ])
      expect(() => of(shape)).toThrow(/shape \[.*\], which no safetensors file can hold/);
  });

  it('refuses a size that no number here is exactly, though the library reads it', () => {
    const header = '{"a":{"dtype":"F32","shape":[0,9007199254740993],"data_offsets":[0,0]}}';
    const file = new Uint8Array(8 + header.length);
    file[0] = header.length;
    file.set(new TextEncoder().encode(header), 8);
    expect(() => decodeSafetensors(file, 'it')).toThrow(/wrong form/);
  });

  it('takes work in proportion to the number of tensors, and of names that come twice', async () => {
    const empty = { shape: [0], values: new Float32Array() };
    const many = (n: number): Uint8Array =>
      encodeSafetensors({
        tensors: new Map(Array.from({ length: n }, (_, i) => [`t${i}`, empty])),
        metadata: {},
      });
    const twice = (n: number): Uint8Array => {
      const header = Array.from({ length: 2 * n }, (_, i) => `"t${i % n}":["F32",[0],[0,0]]`);
      const json = new TextEncoder().encode(`{${header.join(',')}}`);
      const file = new Uint8Array(8 + json.length);
      new DataView(file.buffer).setUint32(0, json.length, true);
      file.set(json, 8);
      return file;
    };
    for (const file of [many, twice]) {
      const [one, two] = [file(500), file(1000)];
      const work = (content: Uint8Array) =>
        countWork(/core\/src\/safetensors\//, () => {
          decodeSafetensors(content, 'it');
        });
      // Once before, for what is done at the first call only.
      await work(one);
      const small = await work(one);
      expect(small).toBeGreaterThan(500);
      expect((await work(two)) / small).toBeLessThan(2.1);
    }
    expect(decodeSafetensors(many(1000), 'it').tensors.size).toBe(1000);
  });
});
