// What a run remembers of its data: where they were, and what they were.
import { mkdir, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { call } from './call.js';

const flags = [
  ...['--set', 'latent=2', '--set', 'hidden=[4]', '--set', 'validateRows=10'],
  ...['--batch-size', '4', '--steps', '2', '--backend', 'wasm'],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbo-cli-data-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('ELBO_DATA_DIR', undefined);
  return () => void vi.unstubAllEnvs();
});

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

function headerOf(shape: readonly number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((n, i) => header.writeUInt32BE(n, 4 + 4 * i));
  return header;
}

/** A gzipped IDX file of bytes. */
function idx(shape: readonly number[], value: (i: number) => number): Buffer {
  const values = new Uint8Array(sizeOf(shape)).map((_, i) => value(i));
  return gzipSync(Buffer.concat([headerOf(shape), values]));
}

/** An IDX file of zeros, which takes no room on most disks. */
async function blank(path: string, shape: readonly number[]): Promise<void> {
  const header = headerOf(shape);
  await writeFile(path, header);
  await truncate(path, header.length + sizeOf(shape));
}

/** A folder of both splits. */
async function files(name: string): Promise<string> {
  const dir = join(folder, name);
  await mkdir(dir, { recursive: true });
  for (const [split, rows] of [
    ['train', 40],
    ['t10k', 10],
  ] as const) {
    const images = idx([rows, 2, 2], (i) => ((i % 7) * 31) % 256);
    await writeFile(join(dir, `${split}-images-idx3-ubyte.gz`), images);
    await writeFile(
      join(dir, `${split}-labels-idx1-ubyte.gz`),
      idx([rows], (i) => i % 3),
    );
  }
  return dir;
}

const configOf = async (dir: string): Promise<Record<string, Record<string, unknown>>> =>
  JSON.parse(await readFile(join(dir, 'config.json'), 'utf8')) as never;

test('a run remembers where files that have names were found', async () => {
  const dir = join(folder, 'named');
  // Of the sets that are known by name one whose digests are of gzip files alone, so that any images will do.
  const dataDir = join(folder, 'found');
  await mkdir(dataDir);
  await blank(join(dataDir, 'train-images-idx3-ubyte'), [60_000, 28, 28]);
  await blank(join(dataDir, 'train-labels-idx1-ubyte'), [60_000]);
  const train = ['train', 'vae', '--data', 'kmnist', '--hold-out', '40,40', ...flags];
  const trained = await call([...train, '--data-dir', relative('.', dataDir), '--out', dir]);
  expect(trained).toMatchObject({ status: 0 });
  expect(await configOf(dir)).toMatchObject({ dataDir });
  expect(await call(['evaluate', dir, '--rows', '5'])).toMatchObject({ status: 0 });
  const further = ['train', '--resume', dir, '--steps', '4', '--workers', '1'];
  expect(await call(further)).toMatchObject({ status: 0 });
  expect(await configOf(dir)).toMatchObject({ dataDir });
});

test('a path is remembered whole, and a folder for names is not where none is read', async () => {
  vi.stubEnv('ELBO_DATA_DIR', join(folder, 'somewhere'));
  const dir = join(folder, 'relative');
  const source = await files('own');
  const data = relative('.', source);
  expect(await call(['train', 'vae', '--data', data, ...flags, '--out', dir])).toMatchObject({
    status: 0,
  });
  const config = await configOf(dir);
  expect(config).not.toHaveProperty('dataDir');
  expect(JSON.stringify(config.data)).toContain(JSON.stringify(source));

  // One that a person wrote is completed, too.
  const path = join(folder, 'written.json');
  const again = join(folder, 'again');
  const written = { ...config, data: { train: { kind: 'file', source: data } } };
  await writeFile(path, JSON.stringify(written));
  expect(await call(['train', '--config', path, '--out', again])).toMatchObject({ status: 0 });
  const { data: completed } = await configOf(again);
  expect(completed).toMatchObject({
    train: { kind: 'held-out', data: { source, digest: expect.any(String) as string } },
    test: { source, split: 'test', digest: expect.any(String) as string },
  });
});

test('data that changed since the run began are noticed', async () => {
  const dir = join(folder, 'changed');
  const data = await files('changing');
  expect(await call(['train', 'vae', '--data', data, ...flags, '--out', dir])).toMatchObject({
    status: 0,
  });
  const images = join(data, 'train-images-idx3-ubyte.gz');
  const before = await readFile(images);
  await writeFile(
    images,
    idx([40, 2, 2], () => 9),
  );
  const out = join(folder, 'not-made');
  const words = [
    ['evaluate', dir],
    ['train', '--resume', dir, '--steps', '4'],
    ['train', '--config', join(dir, 'config.json'), '--out', out],
  ];
  for (const argv of words) {
    const { status, stderr } = await call(argv);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^elbo: .*train-images-idx3-ubyte\.gz: its train rows or their labels changed since the run began.*Restore the original files, or train a new run/m,
    );
  }
  await writeFile(images, before);
  expect(await call(['train', '--resume', dir, '--steps', '4'])).toMatchObject({ status: 0 });
});
