import { DataError } from '@elbo/core';
import { key } from '@elbo/random';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { buildDataset, loadDataset, loadSets } from '../../src/node/index.js';
import { fileOf } from './corpus.js';
import { pngOf, zipOf } from './write.js';

let place = '';

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'elbo-images-'));
  vi.stubEnv('XDG_CACHE_HOME', join(place, 'cache'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(place, { recursive: true });
});

const photos = (): string => join(place, 'photos');

async function put(files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(photos(), name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** Grey images of one value each. */
const plain = (...names: readonly string[]): Record<string, Uint8Array> =>
  Object.fromEntries(names.map((name, i) => [name, pngOf(2, 3, 1, () => 10 * (i + 1))]));

const rowsOf = async (data: Awaited<ReturnType<typeof loadDataset>>) =>
  data.read(
    Uint32Array.from({ length: data.size }, (_, i) => i),
    key(1),
  );

const notices = (): { said: string[]; onNotice: (text: string) => void } => {
  const said: string[] = [];
  return { said, onNotice: (text) => said.push(text) };
};

test('a folder of images is a set of rows in the order of their names, bytes over 255', async () => {
  await put(plain('b.png', 'a.PNG', 'c.png'));
  const data = await loadDataset(photos());
  expect([data.size, data.shape, data.range, data.binary]).toEqual([3, [2, 3, 1], 'unit', false]);
  const { x, label } = await rowsOf(data);
  expect([...x].filter((_, i) => i % 6 === 0)).toEqual(
    [20, 10, 30].map((v) => Math.fround(v / 255)),
  );
  expect(label).toBeUndefined();
});

test('folders are classes, whose numbers are the same in all splits', async () => {
  await put({
    ...plain('train/dog/1.png', 'train/cat/1.png', 'train/cat/2.png', 'val/owl/1.png'),
    ...plain('test/dog/1.png', 'test/2.png'),
  });
  const { train, validation, test: tested } = await loadSets(photos());
  for (const set of [train, validation, tested])
    expect([set.classes, set.classNames]).toEqual([3, ['cat', 'dog', 'owl']]);
  expect([...(await rowsOf(train)).label!]).toEqual([0, 0, 1]);
  expect([...(await rowsOf(validation)).label!]).toEqual([2]);
  // One that lies in no folder of a class has none.
  expect([...(await rowsOf(tested)).label!]).toEqual([-1, 1]);
});

test('without folders for splits a tenth each is held out, and a folder that has all says nothing', async () => {
  const names = Array.from(
    { length: 20 },
    (_, i) => `all/inner/${i % 2 ? 'odd' : 'even'}/${i}.png`,
  );
  await put(plain(...names));
  const { train, validation, test: tested } = await loadSets(photos());
  expect([train.size, validation.size, tested.size]).toEqual([16, 2, 2]);
  expect(train.classNames).toEqual(['even', 'odd']);
});

test('a zip file is read as the folder that it was made of, deflated or not', async () => {
  const files = { ...plain('cats/1.png', 'dogs/1.png'), 'cats/2.jpg': fileOf('jpeg', '4:2:0') };
  await put({ ...files, 'notes.txt': 'nothing to see' });
  const zip = join(place, 'photos.zip');
  await writeFile(zip, zipOf({ ...files, '__MACOSX/cats/._1.png': Uint8Array.of(0) }));
  const reading = { size: [8, 8], crop: 'stretch' };
  const [folder, packed] = [
    await loadDataset(photos(), { reading }),
    await loadDataset(zip, { reading }),
  ];
  expect(packed.config.digest).toBe(folder.config.digest);
  expect(await rowsOf(packed)).toEqual(await rowsOf(folder));
  expect(packed.shape).toEqual([8, 8, 3]);
});

test('a zip file is found by its end, whatever stands behind, and where places have 64 bits', async () => {
  const files = plain('cats/1.png', 'dogs/1.png', 'dogs/2.png');
  await put(files);
  const wanted = await rowsOf(await loadDataset(photos()));
  for (const options of [
    { comment: 'made by hand' },
    { comment: 'PK and so on'.repeat(30) },
    { large: true },
    { large: true, comment: 'large' },
  ]) {
    const zip = join(place, 'some.zip');
    await writeFile(zip, zipOf(files, options));
    expect(await rowsOf(await loadDataset(zip)), JSON.stringify(options)).toEqual(wanted);
  }
  const cut = zipOf(files, { large: true });
  // The mark of the large end is not where the file says.
  cut[cut.length - 22 - 20 - 56] = 0;
  await writeFile(join(place, 'cut.zip'), cut);
  await expect(loadDataset(join(place, 'cut.zip'))).rejects.toThrow(/its directory is not found/);
});

test('rows behind one that is broken are their own files’', async () => {
  const grey = (i: number): Uint8Array => pngOf(2, 3, 1, (y, x) => 20 * i + 3 * y + x);
  const colour = (i: number): Uint8Array => pngOf(2, 3, 3, (y, x, c) => 20 * i + 9 * y + 3 * x + c);
  const broken = fileOf('broken', 'a JPEG cut in its data');
  for (const [of, channels, reading] of [
    [grey, 1, {}],
    [grey, 1, { grey: true }],
    [grey, 3, { grey: false }],
    [colour, 3, {}],
  ] as const) {
    const files = Array.from({ length: 12 }, (_, i) => [`${10 + i}.png`, of(i)] as const);
    await put({ ...Object.fromEntries(files), '13.png': broken });
    const whole = await loadDataset(photos(), {
      reading: { ...reading, size: [2, 3] },
      onNotice: () => undefined,
    });
    expect([whole.size, whole.shape]).toEqual([11, [2, 3, channels]]);
    const { x } = await rowsOf(whole);
    const wanted = [0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11].flatMap((i) =>
      Array.from({ length: 6 * channels }, (_, at) =>
        Math.fround(
          (20 * i + (of === colour || channels === 1 ? at : Math.floor(at / channels))) / 255,
        ),
      ),
    );
    expect([...x]).toEqual(wanted);
  }
});

test('a config reads the same rows again, and says when the files hold something else', async () => {
  await put({ ...plain('1.png', '2.png'), '3.jpg': fileOf('jpeg', '4:4:4') });
  const { said, onNotice } = notices();
  const data = await loadDataset(photos(), { reading: { crop: 'pad' }, onNotice });
  expect(said.join()).toMatch(/different sizes.*64×64/);
  expect(data.config.reading).toEqual({ size: [64, 64], crop: 'pad', grey: false });
  const again = await buildDataset(data.config);
  expect(await rowsOf(again)).toEqual(await rowsOf(data));
  await put({ '2.png': pngOf(2, 3, 1, () => 21) });
  await expect(buildDataset(data.config)).rejects.toThrow(/changed since the run began/);
});

test('images of one size keep it; grey ones have one channel, and colours too where that is asked', async () => {
  await put({ '1.png': pngOf(4, 5, 3, (y, x) => y + x), '2.png': pngOf(4, 5, 1, () => 3) });
  expect((await loadDataset(photos())).shape).toEqual([4, 5, 1]);
  await put({ '3.png': pngOf(4, 5, 3, (_y, _x, c) => c * 100) });
  expect((await loadDataset(photos())).shape).toEqual([4, 5, 3]);
  const grey = await loadDataset(photos(), { reading: { grey: true } });
  expect(grey.shape).toEqual([4, 5, 1]);
  // Rec. 601: .587 · 100 + .114 · 200.
  expect((await rowsOf(grey)).x[2 * 20]).toBeCloseTo(Math.round(81.5) / 255, 6);
});

test('images of one size that is long in one direction are made smaller, and it is said', async () => {
  for (const [height, width] of [
    [4, 200],
    [200, 4],
  ] as const) {
    await put({
      '1.png': pngOf(height, width, 1, () => 1),
      '2.png': pngOf(height, width, 1, () => 2),
    });
    const { said, onNotice } = notices();
    expect((await loadDataset(photos(), { onNotice })).shape).toEqual([64, 64, 1]);
    expect(said.join()).toContain(`its images have ${height}×${width} pixels`);
  }
});

test('what a file is, its first bytes say; one that is broken is named and left out', async () => {
  const whole = plain(...Array.from({ length: 30 }, (_, i) => `${i}.png`));
  await put({ ...whole, 'jpeg.png': fileOf('jpeg', '4:4:4'), 'png.jpg': pngOf(2, 3, 1, () => 9) });
  await put({
    'cut.jpg': fileOf('broken', 'a JPEG cut in its data'),
    'empty.png': '',
    none: 'text',
    'vast.png': fileOf('broken', 'a PNG of gigabytes'),
  });
  const { said, onNotice } = notices();
  const data = await loadDataset(photos(), { reading: { size: [2, 3] }, onNotice });
  expect([data.size, data.shape]).toEqual([32, [2, 3, 3]]);
  expect(said).toEqual([
    `${photos()}: 3 of 35 files cannot be read as images and are left out:\n  cut.jpg: it is cut short or corrupt\n  empty.png: it is empty\n  vast.png: its header says 60000×60000 pixels, more than the 268435456 that are read`,
  ]);
});

test('more than a tenth broken, or nothing at all, is an error that names the first', async () => {
  await put({ ...plain('1.png', '2.png', '3.png'), 'b.gif': fileOf('broken', 'a GIF') });
  await expect(loadDataset(photos())).rejects.toThrow(DataError);
  await expect(loadDataset(photos())).rejects.toThrow(
    /1 of 4 files cannot be read as images:\n {2}b\.gif: its format is GIF, and PNG and JPEG are read/,
  );
  await mkdir(join(place, 'empty'));
  await expect(loadDataset(join(place, 'empty'))).rejects.toThrow(/folder is empty/);
});

test('what was decoded is kept, and made again when it is broken or of other files', async () => {
  await put(plain('1.png', '2.png'));
  const first = await rowsOf(await loadDataset(photos()));
  const cache = join(place, 'cache', 'elbo', 'images');
  const kept = await readdir(cache);
  expect(kept.length).toBe(2);
  const bytes = join(
    cache,
    kept.find((name) => name.endsWith('.bytes'))!,
  );
  const about = join(
    cache,
    kept.find((name) => name.endsWith('.json'))!,
  );
  for (const [path, content] of [
    [bytes, Uint8Array.from({ length: 12 }, () => 77)],
    [bytes, 'short'],
    [about, '{'],
    [about, '{"version":1}'],
  ] as const) {
    await writeFile(path, content);
    expect(await rowsOf(await loadDataset(photos()))).toEqual(first);
  }
  await put({ '3.png': pngOf(2, 3, 1, () => 1) });
  expect((await loadDataset(photos())).size).toBe(3);
});

test('options that do not fit are refused by name', async () => {
  await put(plain('1.png'));
  for (const [reading, said] of [
    [{ size: 64 }, /'size' of images is a height and a width/],
    [{ size: [0, 4] }, /'size' of images is a height and a width/],
    [{ crop: 'middle' }, /'crop' of images is 'centre', 'pad' or 'stretch'/],
    [{ columns: {} }, /there is no option 'columns' for reading files|is an option for reading/],
  ] as const)
    await expect(loadDataset(photos(), { reading })).rejects.toThrow(said);
});
