// A table of one's own: what is read of it, what a run remembers, and what is missing filled in.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { call } from './call.js';
import { objects, temporaryFolder } from './command.js';

const names = 'id,size,legs,colour,kind';
/** Size is missing in every fourth row, the colour in every fifth. */
const rowOf = (i: number): string =>
  [
    `name ${i}`,
    i % 4 === 0 ? '' : (1.5 + i / 7).toFixed(2),
    String(i % 6),
    i % 5 === 0 ? 'NA' : ['red', 'blue'][i % 2]!,
    ['cat', 'dog', 'cow'][i % 3]!,
  ].join(',');
const table = (rows: number): string =>
  `${[names, ...Array.from({ length: rows }, (_, i) => rowOf(i))].join('\n')}\n`;

const flags = [
  ...['--set', 'latent=2', '--set', 'hidden=[4]', '--set', 'validateRows=10'],
  ...['--batch-size', '4', '--steps', '4', '--backend', 'wasm'],
];

let folder: string;
let file: string;
let dir: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  file = join(folder, 'animals.csv');
  await writeFile(file, table(40));
  dir = join(folder, 'run');
  const train = ['train', 'vae', '--data', file, '--labels', 'kind', ...flags, '--out', dir];
  const trained = await call(train);
  expect(trained).toMatchObject({ status: 0 });
  const said = `${trained.stdout}${trained.stderr}`;
  for (const line of [
    'id: left out, as every value is another',
    'size: number, 10 missing',
    'legs: count',
    'colour: category (blue, red), 8 missing',
    'kind: class (3 values)',
  ])
    expect(said).toContain(line);
});

test('the report shows samples beside test rows, in the table’s own words', async () => {
  const notes = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8')) as {
    rows: { title: string; names: string[]; rows: string[][] }[];
  };
  expect(notes.rows.map(({ title }) => title)).toEqual(['Samples', 'Test rows']);
  for (const { title, names: own, rows } of notes.rows) {
    expect(own).toEqual(['size', 'legs', 'colour']);
    for (const [size, legs, colour] of rows) {
      expect(size).toMatch(title === 'Samples' ? /^-?[\d.]+$/ : /^([\d.]+|–)$/);
      expect(legs).toMatch(/^\d+$/);
      expect(title === 'Samples' ? ['red', 'blue'] : ['red', 'blue', '–']).toContain(colour);
    }
  }
  expect(await readFile(join(dir, 'report.html'), 'utf8')).toContain('Samples and rows');
  expect(await readFile(join(dir, 'latent.svg'), 'utf8')).toMatch(/>(cat|cow|dog)</);
});

const cellsIn = async (path: string): Promise<string[][]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(','));

test('a run remembers the columns as they were read, and the classes', async () => {
  const config = JSON.parse(await readFile(join(dir, 'config.json'), 'utf8')) as {
    rows: Record<string, unknown>;
  };
  expect(config.rows).toMatchObject({
    shape: [6],
    classNames: ['cat', 'cow', 'dog'],
    fields: [
      { name: 'size', type: 'number', missing: true, decimals: 2 },
      { name: 'legs', type: 'count', missing: false },
      { name: 'colour', type: 'category', missing: true, values: ['blue', 'red'] },
    ],
  });
});

test('what is missing is filled in, with an interval or a probability; all else is as it was', async () => {
  const [said] = objects(await call(['impute', dir, '--json', '--draws', '50', '--level', '0.8']));
  const path = join(dir, 'imputed.csv');
  const cellsPath = join(dir, 'imputed-cells.csv');
  expect(said).toMatchObject({ path, cellsPath, rows: 40, imputed: 18 });
  const [before, after] = [await cellsIn(file), await cellsIn(path)];
  expect(after[0]).toEqual(names.split(','));
  const gaps: string[] = [];
  before.forEach((row, i) => {
    row.forEach((cell, j) => {
      if (i === 0 || !['', 'NA'].includes(cell)) expect(after[i]![j], `${i}, ${j}`).toBe(cell);
      else gaps.push(`${i} ${before[0]![j]!} ${after[i]![j]!}`);
    });
  });
  const [head, ...cells] = await cellsIn(cellsPath);
  expect(head).toEqual(['row', 'column', 'value', 'low', 'high', 'probability']);
  expect(cells.map(([row, column, value]) => `${row} ${column} ${value}`).sort()).toEqual(
    gaps.sort(),
  );
  for (const [, column, value, low, high, probability] of cells) {
    if (column === 'size') {
      expect(Number(low)).toBeLessThan(Number(value));
      expect(Number(high)).toBeGreaterThan(Number(value));
      expect(value).toMatch(/^-?\d+(\.\d{1,2})?$/);
      expect(probability).toBe('');
    } else {
      expect(['red', 'blue']).toContain(value);
      expect(Number(probability)).toBeGreaterThanOrEqual(0.5);
      expect([low, high]).toEqual(['', '']);
    }
  }
  // Everything follows from the seed.
  const text = await readFile(cellsPath, 'utf8');
  await call(['impute', dir, '--draws', '50', '--level', '0.8']);
  expect(await readFile(cellsPath, 'utf8')).toBe(text);
});

test('another file of the same columns is filled in, and one that does not fit is refused', async () => {
  const other = join(folder, 'other.csv');
  await writeFile(other, 'colour,size,legs,kind,note\n,3.5,2,cat,keep\nred,,1,dog,keep\n');
  const out = join(folder, 'filled', 'other.csv');
  expect(await call(['impute', dir, '--data', other, '--out', out])).toMatchObject({ status: 0 });
  const filled = await cellsIn(out);
  expect(filled.map((row) => row[4])).toEqual(['note', 'keep', 'keep']);
  expect(filled.flat()).not.toContain('');
  expect((await readdir(join(folder, 'filled'))).sort()).toEqual(['other-cells.csv', 'other.csv']);

  await writeFile(other, 'colour,size,legs,kind\ngreen,3.5,2,cat\n');
  expect((await call(['impute', dir, '--data', other])).stderr).toMatch(
    /row 1 has 'green' in the column 'colour', and the training rows have blue, red/,
  );
});

test.each([
  [['--level', '1'], /Give a number between 0 and 1/],
  [['--draws', '3'], /whole number of at least 20/],
  [['--out', 'x.txt'], /the command writes a \.csv file/],
])('%j is refused', async (more, message) => {
  const { status, stderr } = await call(['impute', dir, ...more]);
  expect(status).toBe(2);
  expect(stderr).toMatch(message);
});

test('a run that was not trained on a table has nothing to fill in', async () => {
  const plain = join(folder, 'plain');
  await call(['train', 'vae', '--data', 'four-pixels', ...flags, '--out', plain]);
  const { status, stderr } = await call(['impute', plain]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/was not trained on a table/);
});

test.each([
  [['--column', 'size'], /--column size: give the name of a column and what it is/],
  [['--column', 'sise=number'], /there is no column 'sise'; it has id, size, legs/],
  [['--length', '4'], /'length' is an option for reading lines of text, and this is a table/],
])('train with %j is refused before a run is made', async (more, message) => {
  const out = join(folder, 'not-made');
  const train = ['train', 'vae', '--data', file, ...more, ...flags, '--out', out];
  const { status, stderr } = await call(train);
  expect(status).not.toBe(0);
  expect(stderr).toMatch(message);
  expect(await readdir(folder)).not.toContain('not-made');
});
