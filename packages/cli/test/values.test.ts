// Samples, codes and scores leave the run as files that other programs read.
import { codes, loadRunWithData, quiet } from '@elbo/experiments';
import { key } from '@elbo/random';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { call } from './call.js';
import { objects, temporaryFolder } from './command.js';

let folder: string;
let images: string;
let words: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  [images, words] = [join(folder, 'images'), join(folder, 'words')];
  const flags = ['--set', 'latent=3', '--set', 'hidden=[8]', '--batch-size', '8', '--steps', '4'];
  for (const [data, out] of [
    ['strokes', images],
    ['words', words],
  ] as const)
    expect(await call(['train', 'vae', '--data', data, ...flags, '--out', out])).toMatchObject({
      status: 0,
    });
});

/** The cells of a table without quotes. */
const tableIn = async (path: string): Promise<readonly (readonly string[])[]> =>
  (await readFile(path, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));

/** The shape and the values of a `.npy` file of float32. */
async function arrayIn(path: string): Promise<{ shape: string; values: Float32Array }> {
  const bytes = await readFile(path);
  const begin = 10 + bytes.readUInt16LE(8);
  const header = bytes.toString('latin1', 10, begin);
  const shape = /'shape': \((.*?)\)/.exec(header)![1]!;
  return { shape, values: new Float32Array(new Uint8Array(bytes.subarray(begin)).buffer) };
}

describe('sample', () => {
  test('means of images by default, and draws in bits of a Bernoulli decoder, said in the output', async () => {
    const [means, draws] = [join(folder, 'means.npy'), join(folder, 'draws.npy')];
    const [said] = objects(
      await call(['sample', images, '--count', '5', '--out', means, '--json']),
    );
    expect(said).toEqual({ path: means, count: 5, what: 'means' });
    const ended = await call(['sample', images, '--count', '5', '--what', 'draws', '--out', draws]);
    expect(ended.stdout).toContain('5 draws of p(x|z), at draws of z from the prior.');
    const [p, x] = [await arrayIn(means), await arrayIn(draws)];
    expect([p.shape, x.shape]).toEqual(['5, 28, 28, 1', '5, 28, 28, 1']);
    expect(x.values.every((value) => value === 0 || value === 1)).toBe(true);
    // At the same z: the bits are of these probabilities. The sum of n of them has a variance of Σ p (1 − p).
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    const sd = Math.sqrt(sum(p.values.map((value) => value * (1 - value))));
    expect(Math.abs(sum(x.values) - sum(p.values))).toBeLessThan(4 * sd);
  });

  test('texts are texts', async () => {
    const ended = await call(['sample', words, '--count', '6']);
    const path = join(words, 'samples-6.csv');
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toContain(`${path}\n6 draws of p(x|z)`);
    const [head, ...texts] = await tableIn(path);
    expect(head).toEqual(['text']);
    expect(texts.length).toBe(6);
    const drawn = await call(['sample', words, '--out', join(folder, 'words.png')]);
    expect(drawn).toMatchObject({ status: 2 });
    expect(drawn.stderr).toContain('and are not images: name a .csv or .npy file with --out');
  });

  test('a folder of single pictures is made whole, and nothing is written into one that is there', async () => {
    const path = join(folder, 'singles');
    expect(await call(['sample', images, '--count', '11', '--out', path])).toMatchObject({
      status: 0,
    });
    expect(await readdir(path)).toEqual(
      Array.from({ length: 11 }, (_, i) => `${String(i).padStart(2, '0')}.png`),
    );
    const png = await readFile(join(path, '00.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([28, 28]);
    const again = await call(['sample', images, '--count', '1', '--out', path]);
    expect(again).toMatchObject({ status: 1 });
    expect((await readdir(path)).length).toBe(11);
  });
});

describe('embed', () => {
  test('CSV and NumPy files hold the posterior means of the rows, with their labels', async () => {
    const [table, array] = [join(folder, 'codes.csv'), join(folder, 'codes.npy')];
    const flags = ['--rows', '7', '--split', 'validation'];
    expect(await call(['embed', images, ...flags, '--out', table])).toMatchObject({ status: 0 });
    const [said] = objects(await call(['embed', images, ...flags, '--out', array, '--json']));
    expect(said).toMatchObject({ count: 7, dim: 3, what: 'means of q(z|x)', rows: 'validation' });
    const run = await loadRunWithData(images);
    const found = await codes(run, run.sets.validation, { seed: 5, rows: 7 }, quiet);
    const { label } = await run.sets.validation.read(
      Uint32Array.from({ length: 7 }, (_, i) => i),
      key(0),
    );
    run.dispose();
    // Exact means: of any seed.
    expect((await arrayIn(array)).values).toEqual(found.values);
    const [head, ...rows] = await tableIn(table);
    expect(head).toEqual(['z0', 'z1', 'z2', ...(label ? ['label'] : [])]);
    expect(Float32Array.from(rows.flatMap((row) => row.slice(0, 3).map(Number)))).toEqual(
      found.values,
    );
    if (label) expect(rows.map((row) => Number(row[3]))).toEqual([...label]);
  });
});

describe('interpolate', () => {
  test('a line begins and ends at the means of its rows, straight or on the sphere', async () => {
    const paths = ['straight', 'sphere'].map((path) => join(folder, `${path}.npy`));
    for (const [i, path] of ['straight', 'sphere'].entries())
      expect(
        await call([
          'interpolate',
          images,
          '--rows',
          '2,9,4',
          '--steps',
          '5',
          '--path',
          path,
          '--out',
          paths[i]!,
        ]),
      ).toMatchObject({ status: 0 });
    const [a, b] = [await arrayIn(paths[0]!), await arrayIn(paths[1]!)];
    expect(a.shape).toBe('10, 28, 28, 1');
    const at = ({ values }: typeof a, i: number): Float32Array =>
      values.slice(i * 784, (i + 1) * 784);
    for (const end of [0, 4, 5, 9]) expect(at(b, end)).toEqual(at(a, end));
    expect(at(a, 5)).toEqual(at(a, 4));
    expect(at(b, 2)).not.toEqual(at(a, 2));
    const drawn = await call(['interpolate', images, '--rows', '0,1']);
    expect(drawn.stdout).toContain(join(images, 'interpolation.png'));
  });

  test.each([
    [['--rows', '3'], 'two or more rows'],
    [['--rows', '3,100000'], 'the held-out rows are 0 to'],
    [['--rows', '1,2', '--steps', '1'], 'at least 2'],
  ])('%j is wrong usage', async (flags, says) => {
    const ended = await call(['interpolate', images, ...flags]);
    expect(ended).toMatchObject({ status: 2 });
    expect(ended.stderr).toContain(says);
  });
});

describe('score', () => {
  test('rows of the run: the share called unusual is that of false alarms, and p-values are conformal', async () => {
    const path = join(folder, 'scores.csv');
    const [said] = objects(await call(['score', images, '--rows', '150', '--out', path, '--json']));
    const [head, ...rows] = await tableIn(path);
    expect(head!.slice(0, 4)).toEqual(['row', 'score', 'p', 'unusual']);
    expect(rows.length).toBe(150);
    const p = rows.map((row) => Number(row[2]));
    // Of 150 calibration rows: multiples of 1/151, the higher the score the lower.
    for (const value of p) expect((value * 151) % 1).toBeCloseTo(Math.round((value * 151) % 1), 4);
    const order = rows.map((row) => Number(row[1]));
    const byScore = order.map((score, i) => [score, p[i]!] as const).sort((x, y) => x[0] - y[0]);
    byScore.forEach(([, value], i) => {
      if (i > 0) expect(value).toBeLessThanOrEqual(byScore[i - 1]![1]);
    });
    const unusual = p.filter((value) => value <= 0.05).length / 150;
    expect(said).toMatchObject({
      by: 'elbo',
      rows: 150,
      level: 0.05,
      unusual,
      falseAlarms: unusual,
      calibration: 150,
      testRows: 150,
    });
    expect(rows.filter((row) => row[3] === '1').length / 150).toBe(unusual);
  });

  test('other rows: noise is unusual, and rows of another shape are refused', async () => {
    const other = join(folder, 'noise');
    await mkdir(other);
    const header = Buffer.from([0, 0, 8, 3, 0, 0, 0, 20, 0, 0, 0, 28, 0, 0, 0, 28]);
    const pixels = Uint8Array.from({ length: 20 * 784 }, (_, i) =>
      (i * 7919) % 251 > 125 ? 255 : 0,
    );
    await writeFile(join(other, 'images.idx3-ubyte'), Buffer.concat([header, pixels]));
    const path = join(folder, 'noise.csv');
    const ended = await call([
      'score',
      images,
      '--data',
      join(other, 'images.idx3-ubyte'),
      '--rows',
      '60',
      '--out',
      path,
    ]);
    expect(ended).toMatchObject({ status: 0, stderr: '' });
    expect(ended.stdout).toMatch(/20 rows of .*; 100\.0 % are unusual at level 0\.05/);
    expect(ended.stdout).toMatch(/at most 5\.0 % was promised, from 60 validation rows/);
    const refused = await call(['score', images, '--data', 'four-pixels', '--rows', '60']);
    expect(refused).toMatchObject({ status: 2 });
    expect(refused.stderr).toContain('--data four-pixels: its rows are of shape');
  });

  test('too few validation rows for a level are said to be', async () => {
    const ended = await call([
      'score',
      images,
      '--rows',
      '10',
      '--level',
      '0.01',
      '--out',
      join(folder, 'few.csv'),
    ]);
    expect(ended.stderr).toContain('10 validation rows are too few for level 0.01');
  });
});
