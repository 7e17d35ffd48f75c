import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, DataError } from '@elbo/core';
import { key } from '@elbo/random';
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { parseNpy, parseNpz, parseSafetensors, type Dataset, type Rows } from '../src/index.js';
import { buildDataset, loadDataset, loadSets } from '../src/node/index.js';
import corpus from './array_corpus.json' with { type: 'json' };

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'elbo-arrays-'));
const all = (data: Dataset): Rows =>
  data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  ) as Rows;

/** A file of little-endian float32 as NumPy's NEP 1 has it, or of another type by its bytes. */
function npy(
  shape: readonly number[],
  values: readonly number[],
  { descr = '<f4' }: { readonly descr?: string } = {},
): Uint8Array {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const header = text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11) + '\n';
  const data =
    descr === '|u1' ? Uint8Array.from(values) : new Uint8Array(Float32Array.from(values).buffer);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, header.length & 255, header.length >> 8]),
      Buffer.from(header),
      data,
    ]),
  );
}

describe('arrays that NumPy wrote', () => {
  test.each(corpus.arrays)('of type $type, fortran order $fortran', (written) => {
    const { shape, data, floats } = parseNpy(bytesOf(written.bytes), 'x.npy');
    expect(shape).toEqual(written.shape);
    // JSON has no −0, which is none of these.
    expect([...data]).toEqual(written.values);
    expect(floats).toBe(written.type.includes('f'));
    expect(data instanceof Uint8Array).toBe(['?', 'u1'].includes(written.type));
  });

  test.each(corpus.refused)('that are no numbers are refused: $name', ({ bytes }) => {
    expect(() => parseNpy(bytesOf(bytes), 'there.npy')).toThrow(DataError);
    expect(() => parseNpy(bytesOf(bytes), 'there.npy')).toThrow(/^there\.npy: .*\. \w+.*\.$/);
  });

  test.each(Object.entries(corpus.archives))('in an archive, %s', (_, bytes) => {
    const arrays = parseNpz(bytesOf(bytes), 'x.npz');
    expect([...arrays.keys()]).toEqual(['x_train', 'y_train', 'x_test', 'y_test']);
    expect([...arrays.get('x_train')!.data]).toEqual(corpus.images);
    expect(arrays.get('x_train')!.shape).toEqual([5, 4, 3]);
    expect([...parseNpz(bytesOf(bytes), 'x.npz', (name) => name === 'y_test').keys()]).toEqual([
      'y_test',
    ]);
  });
});

describe("arrays that Python's safetensors wrote", () => {
  const whole = bytesOf(corpus.safetensors.bytes);

  test('of every type that whole bytes hold', () => {
    const arrays = parseSafetensors(whole, 'x.safetensors');
    expect([...arrays.keys()].sort()).toEqual(Object.keys(corpus.safetensors.values).sort());
    for (const [type, values] of Object.entries(corpus.safetensors.values)) {
      const { shape, data, floats } = arrays.get(type)!;
      expect(shape).toEqual([2, 3]);
      // JSON has no −0.
      expect(Array.from(data, (value) => value + 0)).toEqual(values.map(Math.fround));
      expect(floats).toBe(type.includes('float'));
      expect(data instanceof Uint8Array).toBe(['bool', 'uint8'].includes(type));
    }
  });

  test('cut short anywhere, or too long, are refused', () => {
    for (let length = 0; length < whole.length; length += length < 1200 ? 7 : 1)
      expect(() => parseSafetensors(whole.subarray(0, length), 'x')).toThrow(DataError);
    expect(() => parseSafetensors(new Uint8Array([...whole, 0]), 'x')).toThrow(DataError);
  });

  test('are splits by their names, with their labels', async () => {
    const path = join(await folder(), 'both.safetensors');
    await writeFile(path, bytesOf(corpus.safetensors.splits));
    const { train, test: held, validation } = await loadSets(path);
    expect(train).toMatchObject({ shape: [4, 3, 1], classes: 3, levels: 256 });
    expect(train.size + validation.size).toBe(5);
    expect([...all(held).label!]).toEqual([1, 0]);
    const named = { reading: { array: 'x_test', labels: 'y_test' } };
    expect(await loadDataset(path, named)).toMatchObject({ size: 2, classes: 2 });
    await expect(loadDataset(path, { reading: { array: 'z' } })).rejects.toThrow(
      /there is no array 'z' in it: it has .*x_test/,
    );
  });
});

test('a file that is cut short anywhere, or too long, is refused', () => {
  const whole = npy([2, 2], [1, 2, 3, 4]);
  for (let length = 0; length < whole.length; length++)
    expect(() => parseNpy(whole.subarray(0, length), 'x.npy')).toThrow(DataError);
  expect(() => parseNpy(new Uint8Array([...whole, 0]), 'x.npy')).toThrow(
    /16 in all, but there are 17/,
  );
  // The version of the format, of which there are three.
  for (const version of [0, 4])
    expect(() => parseNpy(whole.with(6, version), 'x.npy')).toThrow(`it is of version ${version}`);
});

test('an archive is refused where it would unpack to more than fits, or is none', () => {
  expect(() => parseNpz(Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 'x.npz')).toThrow(DataError);
  const small = zipSync({ 'a.npy': npy([1], [1]) });
  const central = Buffer.from(small).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  new DataView(small.buffer, small.byteOffset).setUint32(central + 24, 0xf000_0000, true);
  expect(() => parseNpz(small, 'x.npz')).toThrow(
    /x\.npz: its arrays would unpack to more than 2 GiB/,
  );
});

describe('what rows of an array are', () => {
  const load = async (bytes: Uint8Array): Promise<Dataset> => {
    const path = join(await folder(), 'rows.npy');
    await writeFile(path, bytes);
    return loadDataset(path);
  };

  test('bytes of three axes are grey images; where none is above 1, they are bits', async () => {
    const grey = await load(npy([2, 2, 2], [0, 51, 102, 255, 0, 0, 0, 255], { descr: '|u1' }));
    expect(grey).toMatchObject({ shape: [2, 2, 1], range: 'unit', binary: false });
    expect([...all(grey).x.subarray(0, 4)]).toEqual([0, 0.2, 0.4, 1].map(Math.fround));
    const bits = await load(npy([1, 2, 2], [0, 1, 1, 0], { descr: '|u1' }));
    expect(bits).toMatchObject({ shape: [2, 2, 1], binary: true });
    expect([...all(bits).x]).toEqual([0, 1, 1, 0]);
  });

  test('floats are images from 0 to 1 only, and numbers in a table or a line', async () => {
    expect(await load(npy([1, 2, 2, 3], Array(12).fill(0.5)))).toMatchObject({
      shape: [2, 2, 3],
      range: 'unit',
    });
    expect(await load(npy([1, 2, 2], [0, 1, 2, 3]))).toMatchObject({
      shape: [2, 2],
      range: 'finite',
    });
    expect(await load(npy([4], [0, 1, 2, 3]))).toMatchObject({ shape: [1], size: 4 });
    expect(await load(npy([3, 2], [0, 1, 0, 1, 1, 1]))).toMatchObject({
      shape: [2],
      range: 'finite',
    });
  });

  test('a number that is none is named by row and place', async () => {
    await expect(load(npy([2, 2], [1, 2, 3, NaN]))).rejects.toThrow(
      /rows\.npy: row 1, value 1 is NaN/,
    );
    await expect(load(npy([0, 2], []))).rejects.toThrow(/which has no rows/);
  });
});

test('labels lie beside rows, and belong to them', async () => {
  const dir = await folder();
  const path = join(dir, 'train.npy');
  await writeFile(path, npy([3, 2], [1, 2, 3, 4, 5, 6]));
  await writeFile(join(dir, 'train-labels.npy'), npy([3], [0, 2, -1]));
  const data = await loadDataset(dir);
  expect(data).toMatchObject({ size: 3, classes: 3 });
  expect([...all(data).label!]).toEqual([0, 2, -1]);
  expect(await loadDataset(path)).toMatchObject({ classes: 3 });
  await writeFile(join(dir, 'train-labels.npy'), npy([3], [0, 0.5, 1]));
  await expect(loadDataset(dir)).rejects.toThrow(/row 1 has the label 0\.5/);
  await writeFile(join(dir, 'train-labels.npy'), npy([2], [0, 1]));
  await expect(loadDataset(dir)).rejects.toThrow(/there are 3 rows/);
});

test('an archive has splits by the names of its arrays, and a config that reads the same again', async () => {
  const path = join(await folder(), 'both.npz');
  await writeFile(path, bytesOf(corpus.archives.deflated));
  const sets = await loadSets(path);
  expect([sets.train.size, sets.validation.size, sets.test.size]).toEqual([4, 1, 2]);
  expect(sets.train).toMatchObject({ shape: [4, 3, 1], classes: 2 });
  for (const set of Object.values(sets))
    expect(all(await buildDataset(set.config))).toEqual(all(set));
  // One that is named is all there is, and has no labels but those that are named.
  const named = await loadSets(path, { reading: { array: 'x_train', labels: '' } });
  expect(named.train.config).toMatchObject({ data: { reading: { array: 'x_train', labels: '' } } });
  expect(named.train.size + named.validation.size + named.test.size).toBe(5);
});

test.each([
  [{ array: 'z' }, /there is no array 'z' in it: it has x_train, y_train, x_test, y_test/],
  [{ labels: 'z' }, /there is no array 'z' in it/],
  [{ array: 3 }, /the option 'array' for reading it should be string/],
  [
    { alphabet: ['', 'a'] },
    /'alphabet' is an option for reading lines of text, and this is arrays/,
  ],
  [{ nonsense: 1 }, /there is no option 'nonsense' for reading files/],
])('options of reading that do not fit are named: %j', async (reading, message) => {
  const path = join(await folder(), 'both.npz');
  await writeFile(path, bytesOf(corpus.archives.stored));
  const loading = loadDataset(path, { reading });
  await expect(loading).rejects.toThrow(message);
  await expect(loading).rejects.toThrow(/^.*both\.npz: /);
});

test('an option of reading is none of a set by name', async () => {
  await expect(loadDataset('mnist', { reading: { array: 'x' } })).rejects.toThrow(ConfigError);
});

test('what can be read is said where nothing can', async () => {
  const dir = await folder();
  await expect(loadDataset(dir)).rejects.toThrow(/this folder is empty. Give .*\.npy.*\.txt/);
  await writeFile(join(dir, 'x.doc'), 'words');
  await expect(loadDataset(dir)).rejects.toThrow(/nothing in this folder can be read .*x\.doc/);
  await expect(loadDataset(join(dir, 'x.doc'))).rejects.toThrow(/of no format that can be read/);
});
