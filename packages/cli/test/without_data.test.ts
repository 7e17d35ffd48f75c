// What reads no rows needs no data.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { call } from './call.js';
import { objects, temporaryFolder } from './command.js';

/** An IDX file of bytes. */
function idx(shape: readonly number[], value: (i: number) => number): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((n, i) => header.writeUInt32BE(n, 4 + 4 * i));
  const size = shape.reduce((a, b) => a * b, 1);
  return Buffer.concat([header, Uint8Array.from({ length: size }, (_, i) => value(i))]);
}

let folder: string;
let dir: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  dir = join(folder, 'run');
  const data = join(folder, 'data');
  await mkdir(data);
  for (const split of ['train', 't10k']) {
    await writeFile(
      join(data, `${split}-images-idx3-ubyte`),
      idx([40, 3, 3], (i) => (i * 37) % 256),
    );
    await writeFile(
      join(data, `${split}-labels-idx1-ubyte`),
      idx([40], (i) => i % 3),
    );
  }
  const flags = ['--set', 'latent=2', '--set', 'hidden=[8]', '--batch-size', '8', '--steps', '3'];
  const train = ['train', 'vae', '--data', data, '--condition', 'label', ...flags, '--out', dir];
  expect(await call(train)).toMatchObject({ status: 0 });
  await rm(data, { recursive: true });
});

test('samples of any class, traversals and the report are made when the data are gone', async () => {
  for (const args of [
    ['sample', dir, '--count', '4'],
    ['sample', dir, '--class', '2'],
    ['traverse', dir, '--columns', '3'],
    ['report', dir],
  ])
    expect(await call(args)).toMatchObject({ status: 0, stderr: '' });
  const wrong = await call(['sample', dir, '--class', '3']);
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.stderr).toContain('classes are 0 to 2');
});

test('what reads rows says that it does not find them', async () => {
  for (const args of [
    ['reconstruct', dir],
    ['traverse', dir, '--row', '1'],
    ['evaluate', dir],
  ]) {
    const failed = await call(args);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    expect(failed.stderr).toMatch(/^elbo: .*data/);
  }
});

test("pictures are files of their own, and the report's stay as they are", async () => {
  const report = await readFile(join(dir, 'samples.png'));
  const [drawn] = objects(await call(['sample', dir, '--count', '4', '--json']));
  expect(drawn).toEqual({ path: join(dir, 'samples-4.png'), count: 4, what: 'means' });
  expect(await readFile(join(dir, 'samples.png'))).toEqual(report);
});

test('a run that does not say what its rows are like is refused in a sentence', async () => {
  const other = join(folder, 'other');
  await mkdir(other);
  const config = JSON.parse(await readFile(join(dir, 'config.json'), 'utf8')) as object;
  expect(config).toMatchObject({ rows: { shape: [3, 3, 1], conditions: 3 } });
  await writeFile(join(other, 'config.json'), JSON.stringify({ ...config, rows: undefined }));
  const failed = await call(['sample', other]);
  expect(failed).toMatchObject({ status: 2, stdout: '' });
  expect(failed.stderr).toMatch(/config\.json: 'rows' is missing/);
});
