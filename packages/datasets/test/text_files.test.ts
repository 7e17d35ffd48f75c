import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@elbo/core';
import { key } from '@elbo/random';
import { expect, test } from 'vitest';
import { decodeText, fromText, type Dataset, type Rows } from '../src/index.js';
import { buildDataset, loadDataset, loadSets } from '../src/node/index.js';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'elbo-text-'));
async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await folder(), name);
  await writeFile(path, content);
  return path;
}
const all = (data: Dataset): Rows =>
  data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  ) as Rows;
const textsOf = (data: Dataset): readonly string[] =>
  decodeText(all(data).x, { shape: data.shape, alphabet: data.alphabet! });

test('each line with something in it is a text, whatever ends it', async () => {
  const data = await loadDataset(await file('names.txt', 'ada\r\n\n  bob \nzoë\rkim'));
  expect(textsOf(data)).toEqual(['ada', 'bob', 'zoë', 'kim']);
  expect(data.alphabet).toEqual(['', ...Array.from('abdikmozë')]);
  expect(data).toMatchObject({ shape: [3, 10], binary: true });
  expect(data.classes).toBeUndefined();
});

test('one-hot: each place has one symbol, and nothing but the end follows the end', () => {
  const { x } = all(fromText({ texts: ['ab', 'b'] }));
  expect([...x]).toEqual([0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0]);
});

test('a letter and its accent are one symbol, however they were written', async () => {
  const data = await loadDataset(await file('a.txt', 'e\u0301\n\u00e9'));
  expect(data.shape).toEqual([1, 2]);
});

test('SMILES are cut into atoms, bonds and rings; names behind them are left', async () => {
  const data = await loadDataset(
    await file('a.smi', 'CCl\tchloromethane\n[13CH4]\nBrC%12CC%12 x\n'),
  );
  expect(data.alphabet).toEqual(['', '%12', 'Br', 'C', 'Cl', '[13CH4]']);
  expect(textsOf(data)).toEqual(['CCl', '[13CH4]', 'BrC%12CC%12']);
});

test('files of a folder are classes, unless their names say splits', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'female.txt'), 'ada\neve\n');
  await writeFile(join(dir, 'male.txt'), 'bob\n');
  const data = await loadDataset(dir);
  expect(data).toMatchObject({ size: 3, classes: 2, classNames: ['female', 'male'] });
  expect([...all(data).label!]).toEqual([0, 0, 1]);

  const split = await folder();
  await mkdir(join(split, '.hidden'));
  await writeFile(join(split, 'train.txt'), 'abc\nab\n');
  await writeFile(join(split, 'test.txt'), 'cab\n');
  const sets = await loadSets(split);
  expect(textsOf(sets.test)).toEqual(['cab']);
  expect(sets.test.alphabet).toEqual(sets.train.alphabet);
});

test('other splits are read with the alphabet and the length of the training rows', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'train.txt'), 'abc\nab\n');
  await writeFile(join(dir, 'test.txt'), 'cax\n');
  await expect(loadSets(dir)).rejects.toThrow(/text 0, 'cax', has the symbol 'x', .*: a b c/);
  const notices: string[] = [];
  await writeFile(join(dir, 'test.txt'), 'a\nc\ncaaa\n');
  const sets = await loadSets(dir, { onNotice: (notice) => notices.push(notice) });
  expect(textsOf(sets.test)).toEqual(['a', 'c']);
  expect(notices).toEqual([expect.stringMatching(/1 of its 3 lines are longer than 3 symbols/)]);
});

test('long lines are left out, and are an error where they are most', async () => {
  const path = await file('long.txt', `ab\nc\n${'d'.repeat(101)}\n`);
  expect((await loadDataset(path)).size).toBe(2);
  expect(await loadDataset(path, { reading: { length: 101 } })).toMatchObject({ size: 3 });
  await expect(loadDataset(path, { reading: { length: 1 } })).rejects.toThrow(/2 of its 3 lines/);
});

test('a config reads the same rows again, and notices that lines changed', async () => {
  const path = await file('names.txt', 'ada\nbob\n');
  const { config } = await loadDataset(path);
  expect(config.reading).toEqual({
    symbols: 'characters',
    length: 3,
    alphabet: ['', 'a', 'b', 'd', 'o'],
  });
  expect(textsOf(await buildDataset(config))).toEqual(['ada', 'bob']);
  await writeFile(path, 'ada\nbab\n');
  await expect(buildDataset(config)).rejects.toThrow(/changed since the run began/);
});

test.each([
  ['x.txt', '\n \n', /there are no lines in it/],
  ['x.txt', Uint8Array.of(0x61, 0xff, 0xfe), /it is not text in UTF-8/],
  [
    'x.txt',
    Array.from({ length: 1100 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('\n'),
    /1100 different symbols, and 1023 are the most/,
  ],
])('%s: %#, is refused', async (name, content, message) => {
  const loading = loadDataset(await file(name, content));
  await expect(loading).rejects.toThrow(DataError);
  await expect(loading).rejects.toThrow(message);
});
