import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { run } from './call.js';
import {
  checkpointsOf,
  elbo,
  newest,
  small,
  start,
  temporaryFolder,
  type Ended,
} from './command.js';

const training = ['train', 'vae', ...small, '--set', 'checkpointEvery=10', '--seed', '3'];

let folder: string;
let trained: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  trained = join(folder, 'trained');
  const out = ['--steps', '20', '--out', trained];
  expect(await run(...training, ...out)).toMatchObject({ status: 0 });
});

/** One clear line on standard error, after notes on the backend and the like; nothing on standard output. */
function expectFailure({ status, stderr }: Ended, expected: 1 | 2, message: RegExp): void {
  expect({ status, stderr }).toMatchObject({
    status: expected,
    stderr: expect.stringMatching(message) as string,
  });
  expect(stderr.split('\n').filter((line) => line.startsWith('elbo: '))).toHaveLength(1);
  expect(stderr).not.toMatch(/^ {4}at /m);
}

/** A copy of the run with its configuration changed. */
async function changed(name: string, change: (config: string) => string): Promise<string> {
  const dir = join(folder, name);
  await cp(trained, dir, { recursive: true });
  const path = join(dir, 'config.json');
  await writeFile(path, change(await readFile(path, 'utf8')));
  return dir;
}

async function contents(dir: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const read = files.map(async ({ parentPath, name }) => {
    const path = join(parentPath, name);
    return [path, await readFile(path, 'latin1')] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

test.each<[string, 1 | 2, RegExp]>([
  ['trian avb', 2, /unknown command 'trian' \(Did you mean train\?\)/],
  ['train avv', 2, /no model 'avv'; did you mean 'avb'\?/],
  ['help trian', 2, /unknown command 'trian' \(Did you mean train\?\)/],
  ['trian --help', 2, /unknown command 'trian' \(Did you mean train\?\)/],
  ['help data lst', 2, /unknown command 'lst' \(Did you mean list\?\)/],
  ['data lst --help', 2, /unknown command 'lst' \(Did you mean list\?\)/],
  ['train avb --stepps 3', 2, /unknown option '--stepps' \(Did you mean --steps\?\)/],
  ['train avb --steps many', 2, /whole number of at least 1/],
  ['train avb --workers 0', 2, /'--workers <n>' .* whole number of at least 1/],
  [
    'train avb --data four-pixels --batch-size 3 --workers 4',
    2,
    /4 workers cannot share minibatches of 3 rows/,
  ],
  ['train avb --set lattent=3', 2, /has no option 'lattent'; did you mean 'latent'\?/],
  ['train avb --set warmup=3', 2, /has no option 'warmup'; did you mean 'warmUp'\?/],
  ['train avb --set latent', 2, /--set takes key=value, not 'latent'/],
  ['train avb --set latent=two', 2, /option 'latent': expected number, got "two"/],
  ['train avb --data strokess', 1, /no dataset 'strokess'.*did you mean 'strokes'\?/],
  [
    'train avb --data four-pixels --backend wasmm',
    2,
    /'--backend <name>' argument 'wasmm' is invalid\. Did you mean 'wasm'\?/,
  ],
  ['train avb --hold-out 1.5', 2, /a number of rows, or a share below 1/],
  ['train avb --data four-pixels --hold-out 2,2', 2, /4 of its 4 rows leave none/],
  ['train avb --binarise maybe', 2, /Allowed choices are dynamic, static, threshold, none/],
  ['train', 2, /Say what to train/],
  ['train avb --resume x', 2, /Say what to train/],
  ['evaluate x --metric elbow', 2, /no metric 'elbow'; did you mean 'elbo'\?/],
  ['evaluate nowhere', 1, /no run in .*nowhere: the folder does not exist/],
  ['data get mnits', 1, /no dataset 'mnits'.*did you mean 'mnist'\?/],
])('elbo %s', async (words, status, message) => {
  expectFailure(await run(...words.split(' ')), status, message);
});

test.each<readonly string[]>([
  ['train', ''],
  ['train', 'vae', '--data', ''],
  ['train', 'vae', '--data='],
  ['train', 'vae', '--seed', ' '],
  ['train', 'vae', '--set', ''],
  ['train', 'vae', '--out', ''],
  ['train', 'vae', '--plugin', ''],
  ['train', '--config', ''],
  ['report', ''],
  ['compare', 'runs/a', ''],
  ['evaluate', 'runs/a', '--metric', ''],
  ['evaluate', ''],
  ['sample', 'runs/a', '--count', ''],
  ['data', 'get', ''],
])('a value that is empty is refused: %j %j %j %j', async (...words) => {
  expectFailure(await run(...words), 2, / is invalid.*\. It is empty\./);
});

test('help with a command is the help of that command, however many words it has', async () => {
  for (const words of [['train'], ['data'], ['data', 'get']]) {
    const asked = await run('help', ...words);
    expect(asked).toMatchObject({ status: 0, stderr: '' });
    expect(asked.stdout).toContain(`Usage: elbo ${words.join(' ')} `);
    expect(await run(...words, '--help')).toEqual(asked);
  }
  for (const words of [['help'], ['--help']])
    expect((await run(...words)).stdout).toContain('Usage: elbo ');
});

test('an existing run is refused, and nothing in it is touched', async () => {
  const before = await contents(trained);
  const failed = await run(...training, '--steps', '3', '--out', trained);
  expectFailure(failed, 1, /already holds a run.*\(config\.json\)/);
  expect(await contents(trained)).toEqual(before);
});

test('a configuration that is broken, unknown or of the wrong form is refused', async () => {
  const cases: readonly [string, (config: string) => string, 1 | 2, RegExp][] = [
    ['cut', (config) => config.slice(0, 300), 1, /cut\/config\.json is not JSON/],
    [
      'kind',
      (config) => config.replace('"vae"', '"vea"'),
      2,
      /no model 'vea'; did you mean 'vae'\?/,
    ],
    ['type', (config) => config.replace('"dim": 2', '"dim": "two"'), 2, /'dim': expected number/],
    ['lack', (config) => config.replace('"data"', '"date"'), 2, /config\.json: 'data' should be/],
    [
      'old',
      (config) => config.replace('  "format": 2,\n', ''),
      2,
      /old\/config\.json does not say "format": 2, so an earlier version/,
    ],
    ['unit', (config) => config.replace('"seed"', '"sede"'), 2, /training: /],
    [
      'half',
      (config) => config.replace('"workers": 1', '"workers": 1.5'),
      2,
      /'workers' should be a whole number, and is 1\.5/,
    ],
  ];
  await Promise.all(
    cases.map(async ([name, change, status, message]) => {
      const dir = await changed(name, change);
      expectFailure(await run('evaluate', dir), status, message);
    }),
  );
  const broken = join(folder, 'cut', 'config.json');
  const out = join(folder, 'from-broken');
  expectFailure(await run('train', '--config', broken, '--out', out), 2, /is not JSON/);
  const config = join(trained, 'config.json');
  const set = ['--set', 'training.ocean.steps=3'];
  expectFailure(await run('train', '--config', config, ...set, '--out', out), 2, /no 'ocean'/);
  expect(existsSync(out)).toBe(false);
});

/** An IDX file of bytes. */
function idx(shape: readonly number[], value: (i: number) => number): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, 8, shape.length]);
  shape.forEach((n, i) => header.writeUInt32BE(n, 4 + 4 * i));
  const size = shape.reduce((a, b) => a * b, 1);
  return Buffer.concat([
    header,
    Buffer.from(Uint8Array.from({ length: size }, (_, i) => value(i))),
  ]);
}

const images = idx([32, 3, 3], (i) => (i * 37) % 256);
const labels = idx([32], (i) => i % 4);

/** A folder of images and labels of both splits; `files` replaces some. */
async function idxFolder(name: string, files: Readonly<Record<string, Buffer>>): Promise<string> {
  const dir = join(folder, name);
  await mkdir(dir);
  const all = {
    'train-images-idx3-ubyte.gz': gzipSync(images),
    'train-labels-idx1-ubyte.gz': gzipSync(labels),
    't10k-images-idx3-ubyte': images,
    't10k-labels-idx1-ubyte': labels,
    ...files,
  };
  for (const [file, bytes] of Object.entries(all)) await writeFile(join(dir, file), bytes);
  return dir;
}

test('IDX files of any size train; truncated, corrupt and mislabelled ones are refused', async () => {
  const good = await idxFolder('good', {});
  const flags = ['--set', 'latent=2', '--set', 'hidden=[16]', '--batch-size', '8', '--steps', '3'];
  const out = join(folder, 'from-idx');
  expect(await run('train', 'vae', '--data', good, ...flags, '--out', out)).toMatchObject({
    status: 0,
  });

  const zipped = Buffer.from(gzipSync(images));
  const flipped = Buffer.from(zipped);
  flipped[flipped.length - 20]! ^= 0xff;
  const cases: readonly [string, Readonly<Record<string, Buffer>>, RegExp][] = [
    ['cut', { 't10k-images-idx3-ubyte': images.subarray(0, 100) }, /it was cut short/],
    ['long', { 't10k-images-idx3-ubyte': Buffer.concat([images, labels]) }, /too many/],
    ['gzip', { 'train-images-idx3-ubyte.gz': flipped }, /gzip data are corrupt/],
    ['half', { 'train-images-idx3-ubyte.gz': zipped.subarray(0, 90) }, /corrupt or cut short/],
    ['web', { 't10k-images-idx3-ubyte': Buffer.from('<!doctype html>') }, /looks like a web page/],
    ['swap', { 't10k-images-idx3-ubyte': labels }, /this is a file of labels/],
    ['few', { 't10k-labels-idx1-ubyte': idx([31], () => 0) }, /31 labels for 32 images/],
  ];
  await Promise.all(
    cases.map(async ([name, files, message]) => {
      const dir = await idxFolder(`idx-${name}`, files);
      expectFailure(await run('data', 'get', dir), 1, message);
    }),
  );
  const refused = join(folder, 'refused');
  const bad = join(folder, 'idx-gzip');
  expectFailure(await run('train', 'vae', '--data', bad, '--out', refused), 1, /corrupt/);

  // Images of another size than the configuration's model is made for.
  const config = join(folder, 'other-size.json');
  const json = JSON.parse(await readFile(join(trained, 'config.json'), 'utf8')) as object;
  const files = (split: string) => ({ kind: 'file', source: good, split });
  const data = { train: files('train') };
  await writeFile(config, JSON.stringify({ ...json, data }));
  const failed = await run('train', '--config', config, '--out', refused);
  expectFailure(failed, 1, /makes data of shape \[2, 2, 1\], and these have \[3, 3, 1\]/);
  expect(existsSync(refused)).toBe(false);
});

test('what data are, all splits say together: classes are the most of all, and shapes are equal', async () => {
  const flags = ['--set', 'hidden=[8]', '--batch-size', '8', '--steps', '3'];
  // Four classes held out, five to train on.
  const five = await idxFolder('five', {
    'train-labels-idx1-ubyte.gz': gzipSync(idx([32], (i) => i % 5)),
  });
  const out = join(folder, 'five-classes');
  const conditioned = ['train', 'gan', '--data', five, '--condition', 'label', ...flags];
  expect(await run(...conditioned, '--out', out)).toMatchObject({
    status: 0,
    stderr: expect.not.stringMatching(/^ {4}at /m) as string,
  });
  const { data } = JSON.parse(await readFile(join(out, 'config.json'), 'utf8')) as {
    readonly data: Readonly<Record<string, { readonly classes: number }>>;
  };
  expect(Object.values(data).map(({ classes }) => classes)).toEqual([5, 5, 5]);

  const wide = await idxFolder('wide', { 't10k-images-idx3-ubyte': idx([32, 9, 1], () => 7) });
  const refused = join(folder, 'wide-run');
  expectFailure(
    await run('train', 'gan', '--data', wide, ...flags, '--out', refused),
    1,
    /train-images-idx3-ubyte\.gz\) have the shape \[3, 3, 1\].*t10k-images-idx3-ubyte\) have the shape \[9, 1, 1\]/,
  );
  expect(existsSync(refused)).toBe(false);
});

test('a learning rate that diverges is an error, and the checkpoints before it stay good', async () => {
  const hopeless = join(folder, 'hopeless');
  const flags = ['--set', 'learningRate=1e30', '--steps', '20', '--out', hopeless];
  expectFailure(
    await run(...training, ...flags),
    1,
    /became (NaN|-?Infinity) in step \d+\. Lower the/,
  );
  expectFailure(await run('evaluate', hopeless), 1, /holds no checkpoint/);

  const dir = await changed('diverging', (config) =>
    config.replace(/"learningRate": \{[^}]*\}/, '"learningRate": 1e30'),
  );
  const further = ['train', '--resume', dir, '--steps', '40'];
  expectFailure(await run(...further), 1, /(became|holds) (NaN|-?Infinity)/);
  expect((await newest(dir)).step).toBe(20);
  expect(await run('evaluate', dir)).toMatchObject({ status: 0 });
  await cp(join(trained, 'config.json'), join(dir, 'config.json'));
  expect(await run(...further)).toMatchObject({ status: 0 });
  expect((await newest(dir)).step).toBe(40);
});

test('what cannot be written to is one error', async () => {
  const file = join(folder, 'a-file');
  await writeFile(file, 'kept');
  for (const out of [file, join(file, 'below')]) {
    const failed = await run(...training, '--steps', '3', '--out', out);
    expectFailure(failed, 1, /(is in the way|a part of the path is a file)/);
  }
  expect(await readFile(file, 'utf8')).toBe('kept');
  const png = await run('sample', trained, '--out', join(file, 'x.png'));
  expectFailure(png, 1, /a-file: a file of that name is in the way/);
});

test.runIf(process.platform === 'linux')(
  'a place where no folder can be made is one error',
  async () => {
    const failed = await run(...training, '--steps', '3', '--out', '/proc/nope/deep');
    expectFailure(failed, 1, /Cannot make the folder \/proc\/nope: /);
  },
);

test.runIf(process.platform === 'linux')(
  'a file that grows too large ends the run with its checkpoints whole',
  async () => {
    const dir = await changed('limited', (config) => config);
    // A shell counts in 1024 bytes; a checkpoint of this model has 3 KB more.
    const words = [process.execPath, elbo, 'train', '--resume', dir, '--steps', '40'].join(' ');
    const failed = await start('bash', ['-c', `ulimit -f 2; exec ${words}`]).ended;
    expectFailure(failed, 1, /Cannot write .*: the file is larger than/);
    expect(await checkpointsOf(dir)).toEqual(await checkpointsOf(trained));
    expect((await newest(dir)).tensors).toEqual((await newest(trained)).tensors);
    expect(await run('train', '--resume', dir, '--steps', '40')).toMatchObject({ status: 0 });
  },
);

test('a full disk ends the run with its checkpoints whole', async ({ skip }) => {
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
  if (mounted.status !== 0) {
    console.warn('Not tested: a full disk, as a small one can be mounted by root only.');
    skip();
  }
  onTestFinished(() => void spawnSync('umount', ['-l', disk]));
  const dir = join(disk, 'run');
  const failed = await run(
    ...training,
    '--set',
    'checkpointEvery=1',
    '--steps',
    '60',
    '--out',
    dir,
  );
  expectFailure(failed, 1, /Cannot write .*: the disk is full/);
  const { status, stdout } = await run('evaluate', dir, '--json');
  expect({ status, metric: (JSON.parse(stdout) as { metric: string }).metric }).toEqual({
    status: 0,
    metric: 'elbo',
  });
});
