// Folders of images at the command: from the files to a run, and back to the files.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { call } from './call.js';

const flags = [
  ...['--set', 'latent=2', '--set', 'hidden=[4]', '--set', 'validateRows=10'],
  ...['--batch-size', '4', '--steps', '2', '--backend', 'wasm'],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbo-cli-images-'));
  for (const [name, channels] of [
    ['colour', 3],
    ['grey', 1],
  ] as const)
    for (let i = 0; i < 20; i++) {
      const place = join(folder, name, i % 2 ? 'odd' : 'even');
      await mkdir(place, { recursive: true });
      await writeFile(join(place, `${i}.png`), png(6 + (i % 3), 8, channels, i));
    }
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(() => {
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  return () => void vi.unstubAllEnvs();
});

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

/** A PNG file, of 8 bits. */
function png(height: number, width: number, channels: 1 | 3, seed: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 1 ? 0 : 2], 8);
  const row = 1 + width * channels;
  const rows = Uint8Array.from({ length: height * row }, (_, i) =>
    i % row === 0 ? 0 : (seed * 31 + i * 7) % 256,
  );
  const parts = [
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.of()),
  ];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

interface RunConfig {
  readonly model: { readonly decoder: { readonly kind: string } };
  readonly data: Readonly<Record<'train' | 'test', Readonly<Record<string, unknown>>>>;
  readonly rows: { readonly shape: readonly number[] };
}

async function configOf(run: string): Promise<RunConfig> {
  return JSON.parse(await readFile(join(run, 'config.json'), 'utf8')) as RunConfig;
}

test('a folder of coloured images trains as bytes, varied where it is trained on, and says what it found', async () => {
  const [data, run] = [join(folder, 'colour'), join(folder, 'run')];
  const asked = ['--size', '8x4', '--crop', 'pad', '--augment', 'flip,shift'];
  const ended = await call(['train', 'vae', '--data', data, ...asked, '--out', run, ...flags]);
  expect(ended.status, ended.stderr).toBe(0);
  expect(ended.stderr).toContain('8×4×3 images: dense networks, discretised logistic.');
  const { model, data: sets, rows } = await configOf(run);
  expect(model.decoder.kind).toBe('discretised-logistic');
  expect(rows.shape).toEqual([8, 4, 3]);
  expect(sets.train).toMatchObject({
    kind: 'augmented',
    how: ['flip', 'shift'],
    data: {
      kind: 'held-out',
      data: { kind: 'file', source: data, reading: { size: [8, 4], crop: 'pad', grey: false } },
    },
  });
  // What a model is judged by stays as it is.
  expect(sets.test).toMatchObject({ kind: 'held-out', part: 'test' });
  const evaluated = await call(['evaluate', run, '--backend', 'wasm']);
  expect(evaluated.status, evaluated.stderr).toBe(0);

  await writeFile(join(data, 'even', '0.png'), png(6, 8, 3, 77));
  const changed = await call(['evaluate', run, '--backend', 'wasm']);
  expect(changed.status).toBe(1);
  expect(changed.stderr).toContain('changed since the run began');
});

test('grey images become bits, and so do coloured ones that are made grey; conditions are the folders', async () => {
  const run = join(folder, 'bits');
  const on = ['--condition', 'label', '--size', '6'];
  const grey = ['--data', join(folder, 'grey'), ...on];
  expect((await call(['train', 'vae', ...grey, '--out', run, ...flags])).status).toBe(0);
  const { model, data } = await configOf(run);
  expect(model.decoder.kind).toBe('bernoulli');
  expect(data.train).toMatchObject({
    kind: 'condition-on-label',
    classes: 2,
    data: { kind: 'binarise', how: 'dynamic' },
  });
  const made = join(folder, 'made');
  const colour = ['--data', join(folder, 'colour'), ...on, '--grey', '--binarise', 'none'];
  const ended = await call(['train', 'vae', ...colour, '--out', made, ...flags]);
  expect(ended.stderr).toContain('6×6×1 images: dense networks, discretised logistic.');
  expect((await configOf(made)).rows.shape).toEqual([6, 6, 1]);
});

test('what does not fit is refused with what does', async () => {
  const data = ['train', 'vae', '--data', join(folder, 'grey')];
  for (const [args, said] of [
    [[...data, '--size', 'large'], /height and a width: 64 or 48x64/],
    [[...data, '--size', '0'], /from 1 to 4096/],
    [[...data, '--size', '3x4x5'], /48x64/],
    [[...data, '--crop', 'middle'], /centre, pad, stretch/],
    [[...data, '--augment', 'spin'], /flip, shift or flip,shift/],
    [['train', 'vae', '--data', 'ring', '--augment', 'flip'], /no images/],
    [['train', 'vae', '--data', 'mnist', '--size', '8'], /'size' is an option for reading files/],
    [['train', '--config', 'config.json', '--augment', 'flip'], /for a named model/],
  ] as const) {
    const { status, stderr } = await call(args);
    expect(status, args.join(' ')).not.toBe(0);
    expect(stderr, args.join(' ')).toMatch(said);
  }
});
