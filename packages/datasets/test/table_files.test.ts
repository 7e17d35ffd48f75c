import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@elbo/core';
import { key, permutation } from '@elbo/random';
import { describe, expect, test } from 'vitest';
import {
  decodeTable,
  describeSets,
  fromTable,
  heldOut,
  take,
  type Cell,
  type Dataset,
  type Rows,
  type TableDataset,
} from '../src/index.js';
import { buildDataset, loadDataset, loadSets } from '../src/node/index.js';

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'elbo-table-'));
async function file(name: string, content: string): Promise<string> {
  const path = join(await folder(), name);
  await writeFile(path, content);
  return path;
}
const all = (data: Dataset): Rows =>
  data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  ) as Rows;
const typesOf = (data: Dataset): Record<string, string> =>
  Object.fromEntries(data.fields!.map(({ name, type }) => [name, type]));
const column = (name: string, cells: readonly Cell[]): TableDataset =>
  fromTable({ names: [name, 'other'], rows: cells.map((cell, i) => [cell, String(i + 0.5)]) });

describe('what a column is guessed to be', () => {
  const many = (cell: (i: number) => Cell): readonly Cell[] =>
    Array.from({ length: 120 }, (_, i) => cell(i));
  test.each<[string, string | undefined, readonly Cell[]]>([
    ['numbers', 'number', ['1.5', '-2', '3e2', '+.5', '4.']],
    ['whole numbers, some below 0', 'number', ['-1', '0', '5']],
    ['whole numbers from 0 on', 'count', ['0', '3', '12', '3']],
    ['two whole numbers', 'category', ['0', '1', '1', '0']],
    ['words', 'category', ['red', 'blue', 'red']],
    ['numbers and words', 'category', ['1', 'two', '1']],
    ['hexadecimal, which is a word', 'category', ['0x10', '0x11', '0x10']],
    ['with gaps', 'number', ['1.5', null, '2.5']],
    ['empty', undefined, [null, null]],
    ['of one value', undefined, ['5', '5', null]],
    ['the numbers of rows', undefined, many((i) => String(i + 7))],
    ['names, each another', undefined, many((i) => `name ${i}`)],
    ['more words than a hundred', undefined, many((i) => `name ${Math.max(i, 1)}`)],
    ['a hundred words', 'category', many((i) => `name ${i % 100}`)],
    ['more than float32 holds', 'category', ['1e39', '1', '1']],
  ])('%s: %s', (_, type, cells) => {
    expect(typesOf(column('x', cells)).x).toBe(type);
  });
});

test('cells become rows and rows cells again, to the last digit', () => {
  const names = ['colour', 'length', 'pets', 'sex'];
  const rows: readonly (readonly Cell[])[] = [
    ['red', '1.25', '3', 'f'],
    [null, null, null, 'm'],
    ['blue', '-0.5', '0', 'm'],
    ['red', '12', '7', 'f'],
  ];
  const data = fromTable({ names, rows });
  expect(data.fields.map(({ type, missing }) => [type, missing])).toEqual([
    ['category', true],
    ['number', true],
    ['count', true],
    ['category', false],
  ]);
  const { x } = all(data);
  // Length, pets; blue, red; f, m; and whether length, pets and colour are seen.
  expect([...x.subarray(0, 9)]).toEqual([1.25, 3, 0, 1, 1, 0, 1, 1, 1]);
  expect([...x.subarray(9, 18)]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0]);
  expect(decodeTable(data.fields, x)).toEqual([
    ['red', null, 'blue', 'red'],
    [1.25, null, -0.5, 12],
    [3, null, 0, 7],
    ['f', 'm', 'm', 'f'],
  ]);
});

test('what a model gives is in the digits of the table, and the likeliest words', () => {
  const data = fromTable({
    names: ['a', 'n', 'w'],
    rows: [
      ['1.25', '3', 'x'],
      ['2', '0', 'y'],
      ['0.5', '1', 'y'],
    ],
  });
  expect(decodeTable(data.fields, [0.12345, 2.6, 0.4, 0.6, -9.999, -3, 0.7, 0.3])).toEqual([
    [0.12, -10],
    [3, 0],
    ['y', 'x'],
  ]);
});

describe('a file', () => {
  test('that Python’s csv wrote, with commas, quotes and lines in its cells', async () => {
    const path = await file(
      'x.csv',
      'size,"words, with a comma"\r\n1.5,"say ""yes"""\r\n2.5,"two\nlines"\r\n3.5,"say ""yes"""\r\n',
    );
    const data = await loadDataset(path);
    expect(data.fields![1]).toMatchObject({
      name: 'words, with a comma',
      values: ['say "yes"', 'two\nlines'],
    });
  });

  test.each([
    ['x.csv', '\ufeffa;b\n1,5;x\n2,25;y\n-3,5;x\n'],
    ['x.tsv', 'a\tb\n1.5\tx\n2.25\ty\n-3.5\tx\n'],
    ['x.csv', 'a|b\n1.5|x\n\n2.25|y\n-3.5 | x\n'],
    ['x.jsonl', '{"a":1.5,"b":"x"}\n{"b":"y","a":2.25}\n\n{"a":-3.5,"b":"x"}\n'],
  ])('%s: %j', async (name, content) => {
    const data = await loadDataset(await file(name, content));
    expect(typesOf(data)).toEqual({ a: 'number', b: 'category' });
    expect(decodeTable(data.fields!, all(data).x)).toEqual([
      [1.5, 2.25, -3.5],
      ['x', 'y', 'x'],
    ]);
  });

  test.each(['', 'NA', 'NaN', 'nan', 'null', 'None', '?', '.', 'n/a', '#N/A'])(
    'has no value where it says %j',
    async (gap) => {
      const data = await loadDataset(await file('x.csv', `a,b\n1.5,2\n${gap},3\n2.5,4\n`));
      expect(decodeTable(data.fields!, all(data).x)[0]).toEqual([1.5, null, 2.5]);
    },
  );

  test('of JSON lines may leave columns out, and say null', async () => {
    const data = await loadDataset(
      await file('x.jsonl', '{"a":1.5}\n{"a":null,"b":true}\n{"a":2,"b":false}\n'),
    );
    expect(decodeTable(data.fields!, all(data).x)).toEqual([
      [1.5, null, 2],
      [null, 'true', 'false'],
    ]);
  });

  test.each([
    ['x.csv', 'a,b\n1,2\n3\n', /line 3/],
    ['x.csv', '', /it is empty/],
    ['x.csv', 'a,b\n', /there are no rows/],
    ['x.csv', 'a,a\n1,2\n', /two of its columns are called 'a'/],
    ['x.csv', '1,2\n3,4\n', /its first line has numbers/],
    ['x.csv', 'a\nx\nx\n', /no column is left to model/],
    ['x.jsonl', '{"a":1}\n{"a":\n', /line 2/],
    ['x.jsonl', '[1]\n', /line 1: it is no object/],
    ['x.jsonl', '{"a":[1]}\n', /'a' is a list or an object/],
  ])('%s: %j is refused', async (name, content, message) => {
    await expect(loadDataset(await file(name, content))).rejects.toThrow(message);
  });
});

test('columns are what they are said to be', async () => {
  const path = await file('x.csv', 'id,a,b,c\n7,0,1,x\n8,1,2,y\n9,1,5,x\n');
  const data = await loadDataset(path, {
    reading: { columns: { a: 'number', b: 'category', c: '?', id: 'skip' } },
  });
  expect(data.fields).toEqual([
    { name: 'a', type: 'number', missing: false, decimals: 0 },
    { name: 'b', type: 'category', missing: false, values: ['1', '2', '5'] },
    { name: 'c', type: 'category', missing: true, values: ['x', 'y'] },
  ]);
  for (const [columns, message] of [
    [{ c: 'number' }, /row 1 has 'x' in the column 'c', which is no number/],
    [{ d: 'number' }, /there is no column 'd'; it has id, a, b, c/],
    [{ a: 'word' }, /'columns.a' for reading it should be/],
  ] as const)
    await expect(loadDataset(path, { reading: { columns } })).rejects.toThrow(message);
});

test('a column may have any name', () => {
  const names = ['constructor', 'toString', '__proto__'];
  const rows = [
    ['1.5', 'x', '2'],
    ['2.5', 'y', '0'],
    ['3.5', 'x', '7'],
  ];
  const data = fromTable({ names, rows });
  expect(data.fields.map(({ type }) => type)).toEqual(['number', 'category', 'count']);
  expect(decodeTable(data.fields, all(data).x)).toEqual([
    [1.5, 2.5, 3.5],
    ['x', 'y', 'x'],
    [2, 0, 7],
  ]);
});

test('a column of classes is no part of rows', async () => {
  const path = await file('x.csv', 'a,kind\n1.5,cat\n2.5,\n3.5,dog\n4.5,cat\n');
  const data = await loadDataset(path, { reading: { labels: 'kind' } });
  expect(data).toMatchObject({ shape: [1], classes: 2, classNames: ['cat', 'dog'] });
  expect([...all(data).label!]).toEqual([0, -1, 1, 0]);
});

test('other splits are read as the training rows are', async () => {
  const dir = await folder();
  await writeFile(join(dir, 'train.csv'), 'a,b,kind\n1.5,x,u\n2.5,y,v\n3.5,x,u\n');
  await writeFile(join(dir, 'test.csv'), 'kind,b,a,more\nv,y,7,1\nv,y,8,2\n');
  const sets = await loadSets(dir, { reading: { labels: 'kind' } });
  expect(all(sets.test)).toMatchObject({ label: Int32Array.of(1, 1) });
  expect([...all(sets.test).x]).toEqual([7, 0, 1, 8, 0, 1]);
  for (const set of Object.values(sets))
    expect(all(await buildDataset(set.config))).toEqual(all(set));

  for (const [content, message] of [
    ['a,b,kind\n7,z,u\n', /row 1 has 'z' in the column 'b', and the training rows have x, y/],
    ['a,b,kind\n7,x,w\n', /row 1 has the class 'w' in 'kind'/],
    ['a,b,kind\n,x,u\n', /row 1 has no value in the column 'a', .* --column 'a=\?'/],
    ['a,kind\n7,u\n', /there is no column 'b'; it has a, kind/],
  ] as const) {
    await writeFile(join(dir, 'test.csv'), content);
    await expect(loadSets(dir, { reading: { labels: 'kind' } })).rejects.toThrow(message);
  }
});

test('what each column is read as is shown before anything is trained', async () => {
  const notices: string[] = [];
  const path = await file('x.csv', 'id,a,b\nq,1.5,x\nq,,y\nq,2.5,x\n');
  await loadSets(path, { onNotice: (notice) => notices.push(notice) });
  expect(notices).toEqual([
    expect.stringMatching(
      /3 rows.*id: left out, as it has one value only.*a: number, 1 missing.*b: category \(x, y\)/s,
    ),
  ]);
});

test('a config notices that a cell changed that is read, and no other', async () => {
  const path = await file('x.csv', 'a,b,id\n1.5,x,q\n2.5,y,q\n');
  const { config } = await loadDataset(path);
  await writeFile(path, 'a,b,id\n1.5,x,r\n2.5,y,q\n');
  await buildDataset(config);
  await writeFile(path, 'a,b,id\n1.75,x,q\n2.5,y,q\n');
  await expect(buildDataset(config)).rejects.toThrow(DataError);
});

test('moments are those of what is seen in training rows; bits and categories stay as they are', async () => {
  const rows: Cell[][] = Array.from({ length: 40 }, (_, i) => [
    i % 4 === 0 ? null : String(i / 2 + 0.25),
    String(i * i),
    i % 2 === 0 ? 'x' : 'y',
  ]);
  const order = permutation(key(2), rows.length);
  const data = fromTable({ names: ['a', 'n', 'w'], rows: [...order].map((i) => rows[i]!) });
  const parts = heldOut(data, { validation: 10, test: 10 });
  const { moments, columns, unit } = await describeSets(parts);
  const { x } = all(parts.train);
  const seen = [...Array(parts.train.size).keys()].filter((row) => x[row * 5 + 4] === 1);
  const values = seen.map((row) => x[row * 5]!);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
  expect(moments!.mean[0]).toBeCloseTo(mean, 10);
  expect(moments!.sd[0]).toBeCloseTo(Math.sqrt(variance), 10);
  expect(moments!.mean.slice(2)).toEqual([0, 0, 0]);
  expect(moments!.sd.slice(2)).toEqual([1, 1, 1]);
  expect(moments!.seen).toEqual([4, -1, -1, -1, -1]);
  expect(unit).toBe(false);
  // Where 0 lies, and how far 1 is from it, in standardised units.
  const [, count] = columns!;
  expect(count).toEqual({
    type: 'count',
    zero: -moments!.mean[1]! / moments!.sd[1]!,
    width: 1 / moments!.sd[1]!,
  });
  expect((await describeSets({ ...parts, train: take(parts.train, 1) })).moments!.sd).toEqual([
    1, 1, 1, 1, 1,
  ]);
});
