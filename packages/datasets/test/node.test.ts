import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { DataError } from '@elbo/core';
import { key } from '@elbo/random';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { binarise, take, type Dataset, type Rows } from '../src/index.js';
import {
  buildDataset,
  cacheFolder,
  catalogue,
  loadDataset,
  type DownloadProgress,
} from '../src/node/index.js';
import { download } from '../src/node/download.js';
import { loadNamed } from '../src/node/named.js';
import type { Source } from '../src/node/sources.js';
import { createHash } from 'node:crypto';
import { gzip, idxFile } from './files.js';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const read = (data: Dataset): Rows =>
  data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(0),
  ) as Rows;

const images = idxFile(
  [3, 2, 2],
  Array.from({ length: 12 }, (_, i) => i),
);
const labels = idxFile([3], [0, 1, 1]);

let server: Server;
let answers: Readonly<Record<string, Uint8Array>> = {};
let requests: string[] = [];
let folder: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push(request.url!);
    if (request.url === '/stall') return void response.writeHead(200).write('x');
    const answer = answers[request.url!];
    if (!answer) return void response.writeHead(404).end();
    response.writeHead(200, {
      ...(request.url !== '/chunks' && {
        'content-length': request.url === '/short' ? answer.length + 5 : answer.length,
      }),
    });
    response.write(answer);
    if (request.url === '/short') response.destroy();
    else response.end();
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
const at = (path: string): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbo-datasets-'));
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('ELBO_DATA_DIR', '');
  requests = [];
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** A tiny dataset that the server has. */
function tiny(): Source {
  answers = {
    '/tiny/train-images-idx3-ubyte.gz': gzip(images),
    '/tiny/train-labels-idx1-ubyte.gz': gzip(labels),
  };
  const part = {
    images: { file: 'train-images-idx3-ubyte', shape: [3, 2, 2], content: sha256(images) },
    labels: { file: 'train-labels-idx1-ubyte', shape: [3], gzip: sha256(gzip(labels)) },
  };
  return {
    name: 'tiny',
    about: '',
    classes: 2,
    mirrors: [at('/none/'), at('/tiny/')],
    train: part,
    test: part,
  };
}

test('a file that is nowhere is downloaded with progress, kept, and not downloaded again', async () => {
  const progress: DownloadProgress[] = [];
  const data = await loadNamed(tiny(), 'train', { onProgress: (p) => progress.push(p) });
  expect(read(data).label).toEqual(Int32Array.of(0, 1, 1));
  expect(data.config).toEqual({
    kind: 'file',
    source: 'tiny',
    split: 'train',
    digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
  });
  const total = gzip(images).length;
  expect(progress).toContainEqual({
    dataset: 'tiny',
    file: 'train-images-idx3-ubyte.gz',
    received: total,
    total,
  });
  expect((await readdir(join(cacheFolder(), 'tiny'))).sort()).toEqual([
    'train-images-idx3-ubyte.gz',
    'train-labels-idx1-ubyte.gz',
  ]);
  requests = [];
  const notices: string[] = [];
  await loadNamed(tiny(), 'train', { onNotice: (text) => notices.push(text) });
  expect(requests).toEqual([]);
  expect(notices).toEqual([]);
});

test('a mirror with the wrong content is refused, and nothing is kept', async () => {
  const source = tiny();
  answers = {
    ...answers,
    '/tiny/train-images-idx3-ubyte.gz': gzip(idxFile([3, 2, 2], new Uint8Array(12))),
  };
  const failed = loadNamed(source, 'train', {});
  await expect(failed).rejects.toThrow(DataError);
  await expect(failed).rejects.toThrow(/SHA-256.*\n[^]*Put it/);
  expect(await readdir(folder)).toEqual([]);
});

test('without a network the error says what to put where', async () => {
  const failed = loadNamed({ ...tiny(), mirrors: [at('/none/')] }, 'train', {
    dataDir: join(folder, 'given'),
  });
  await expect(failed).rejects.toThrow(
    /train-images-idx3-ubyte.gz was not found in .*given\/tiny.*\n.*answered 404[^]*--data-dir/,
  );
  await expect(loadNamed(tiny(), 'train', { download: false })).rejects.toThrow(/turned off/);
  expect(requests.every((path) => path.startsWith('/none/'))).toBe(true);
  await expect(loadNamed(tiny(), 'validation', {})).rejects.toThrow(/heldOut/);
});

test('a folder that cannot be written is named', async () => {
  await mkdir(join(folder, 'cache'));
  await writeFile(join(folder, 'cache', 'elbo'), 'in the way');
  await expect(loadNamed(tiny(), 'train', {})).rejects.toThrow(
    /Cannot make the folder .*tiny: a part of the path is a file.*XDG_CACHE_HOME/,
  );
  expect(requests.filter((path) => path.startsWith('/tiny/')).length).toBe(1);
});

test('downloads that stall, break off, are too large or are stopped fail in words', async () => {
  answers = { '/short': images, '/whole': images, '/chunks': images };
  await expect(download(at('/stall'), { stall: 50 })).rejects.toThrow(/nothing came for 0.05 s/);
  await expect(download(at('/short'))).rejects.toThrow(/the download failed/);
  await expect(download(at('/whole'), { limit: 10 })).rejects.toThrow(/larger than 10 bytes/);
  await expect(download('http://127.0.0.1:1/')).rejects.toThrow(DataError);
  const reason = new Error('enough');
  await expect(download(at('/whole'), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(await download(at('/whole'))).toEqual(images);
  // A server need not say how much will come.
  for (const [path, total] of [
    ['/whole', images.length],
    ['/chunks', undefined],
  ] as const) {
    const told: unknown[] = [];
    await download(at(path), { onProgress: (...progress) => told.push(progress) });
    expect(told.at(-1)).toEqual([images.length, total]);
  }
});

test('a local file is found in the folder or its subfolder, plain or gzipped, and checked', async () => {
  const source = tiny();
  await writeFile(join(folder, 'train-images.idx3-ubyte'), images);
  await mkdir(join(folder, 'tiny'));
  await writeFile(join(folder, 'tiny', 'train-labels-idx1-ubyte'), labels);
  const notices: string[] = [];
  const data = await loadNamed(source, 'train', {
    dataDir: folder,
    onNotice: (text) => notices.push(text),
  });
  expect([data.size, data.classes]).toEqual([3, 2]);
  expect(requests).toEqual([]);
  expect(notices).toEqual([expect.stringMatching(/labels-idx1-ubyte: only its shape was checked/)]);
  await writeFile(join(folder, 'tiny', 'train-images-idx3-ubyte'), labels);
  await expect(loadNamed(source, 'train', { dataDir: folder })).rejects.toThrow(
    /holds 3 bytes and is not tiny's/,
  );
  await writeFile(
    join(folder, 'tiny', 'train-images-idx3-ubyte'),
    idxFile([3, 2, 2], new Uint8Array(12)),
  );
  await expect(loadNamed(source, 'train', { dataDir: folder })).rejects.toThrow(
    /its content is not tiny's/,
  );
});

test('a folder or file of one’s own is loaded, with the labels beside it', async () => {
  await writeFile(join(folder, 'my-train-images-idx3-ubyte.gz'), gzip(images));
  await writeFile(join(folder, 'my-train-labels-idx1-ubyte'), labels);
  await writeFile(join(folder, 'my-test-images.idx3'), images);
  const train = await loadDataset(folder);
  expect(train).toMatchObject({ size: 3, shape: [2, 2, 1], classes: 2 });
  const test = await loadDataset(folder, { split: 'test' });
  expect([test.size, test.classes]).toEqual([3, undefined]);
  expect(read(await loadDataset(join(folder, 'my-train-images-idx3-ubyte.gz')))).toEqual(
    read(train),
  );
  expect((await loadDataset(join(folder, 'my-test-images.idx3'), { split: 'test' })).size).toBe(3);

  await expect(loadDataset(folder, { split: 'validation' })).rejects.toThrow(
    /no images of the validation split/,
  );
  await expect(
    loadDataset(join(folder, 'my-test-images.idx3'), { split: 'validation' }),
  ).rejects.toThrow(/no validation split/);
  await expect(loadDataset(join(folder, 'my-train-labels-idx1-ubyte'))).rejects.toThrow(
    /this is a file of labels/,
  );
  await expect(loadDataset(folder, { size: 2 })).rejects.toThrow(/procedural/);
  await writeFile(join(folder, 'other-train-images'), images);
  await expect(loadDataset(folder)).rejects.toThrow(/several files/);
  await writeFile(join(folder, 'my-test-images.idx3'), images.subarray(0, 20));
  await expect(loadDataset(folder, { split: 'test' })).rejects.toThrow(
    /my-test-images.idx3: .*cut short/,
  );
});

test('names are known, and misspelt ones are guessed', async () => {
  expect(catalogue.map(({ name }) => name)).toEqual([
    'strokes',
    'sprites',
    'words',
    'molecules',
    'four-pixels',
    'linear-gaussian',
    'ring',
    'grid',
    'mnist',
    'fashion-mnist',
    'kmnist',
  ]);
  expect(await loadDataset('strokes', { split: 'test', size: 4, seed: 2 })).toMatchObject({
    config: { kind: 'strokes', size: 4, seed: 2, split: 'test' },
  });
  await expect(loadDataset('mnits')).rejects.toThrow(/did you mean 'mnist'/);
  await expect(loadDataset('./nowhere/at/all')).rejects.toThrow(/Known: strokes/);
});

test('a config with files in it is rebuilt', async () => {
  await writeFile(join(folder, 'train-images-idx3-ubyte'), images);
  const data = binarise(take(await loadDataset(folder), 2), 'static', 3);
  const rebuilt = await buildDataset(JSON.parse(JSON.stringify(data.config)) as typeof data.config);
  expect(rebuilt.config).toEqual(data.config);
  expect(read(rebuilt)).toEqual(read(data));
  const strokes = await buildDataset({
    kind: 'take',
    n: 2,
    data: { kind: 'file', source: 'strokes' },
  });
  expect(strokes.size).toBe(2);
  await expect(buildDataset({ kind: 'file', source: folder, splt: 'test' })).rejects.toThrow(
    /splt/,
  );
});

test('files that hold something else than when a config was made are noticed; another place or packing is nothing', async () => {
  const path = join(folder, 'train-images-idx3-ubyte');
  await writeFile(path, images);
  const { config } = await loadDataset(folder);
  const rebuild = (): Promise<Dataset> => buildDataset({ kind: 'take', n: 2, data: config });
  await rebuild();
  await rm(path);
  await writeFile(`${path}.gz`, gzip(images));
  await rebuild();
  const other = [
    // A pixel, the shape alone, and labels that were not there.
    idxFile([3, 2, 2], [1, ...Array.from({ length: 11 }, (_, i) => i + 1)]),
    idxFile([3, 4, 1], images.subarray(16)),
  ];
  for (const bytes of other) {
    await writeFile(`${path}.gz`, gzip(bytes));
    await expect(rebuild()).rejects.toThrow(DataError);
    await expect(rebuild()).rejects.toThrow(
      /ubyte\.gz: its train rows or their labels changed since/,
    );
  }
  await writeFile(`${path}.gz`, gzip(images));
  await writeFile(path.replace('images-idx3', 'labels-idx1'), labels);
  await expect(rebuild()).rejects.toThrow(/or their labels changed since/);
  expect((await buildDataset({ kind: 'file', source: folder })).classes).toBe(2);
});
