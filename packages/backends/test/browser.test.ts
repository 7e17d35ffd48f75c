import { hasChromium, servePage, type ServedPage } from '@elbo/testing/pages';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as tensorflow from '@tensorflow/tfjs-core';
import type { describeBackends, selectBackend, SelectOptions } from '../src/index.js';

if (!hasChromium) console.warn('No Chromium: backends are NOT tested in a browser.');

interface PageGlobals {
  elbo: {
    tf: typeof tensorflow;
    describeBackends: typeof describeBackends;
    selectBackend: typeof selectBackend;
  };
}

let served: ServedPage;

beforeAll(async () => {
  if (hasChromium) served = await servePage(join(import.meta.dirname, 'page.ts'));
});

afterAll(async () => {
  if (hasChromium) await served.close();
});

const select = (page: Page, options: SelectOptions) =>
  page.evaluate((wanted) => {
    const { selectBackend } = (globalThis as unknown as PageGlobals).elbo;
    return selectBackend(wanted).catch((error: unknown) => String(error));
  }, options);

test.skipIf(!hasChromium)('a folder is one with a slash behind it or without', async () => {
  const page = await served.open('plain');
  expect(await select(page, { wasmPaths: 'wasm' })).toMatchObject({ name: 'wasm' });
  await page.close();
});

test.skipIf(!hasChromium)('a start that never settles ends at a limit, and says why', async () => {
  const page = await served.open('silent');
  // What it waits for never comes: no limit is too short to see that.
  const options = { backend: 'wasm', wasmPaths: 'wasm/', startLimit: 1500 };
  expect(await select(page, options)).toMatch(/not started within 1\.5 s.*give `wasmPaths`/);
  await page.close();
});

test.skipIf(!hasChromium)('in a browser, wasm runs from where its files are served', async () => {
  const page = await served.open('plain');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const selected = await select(page, { wasmPaths: 'wasm/' });
  expect(selected).toMatchObject({ name: 'wasm', device: 'cpu', threads: 1 });
  expect(asked).toContain('/plain/wasm/tfjs-backend-wasm-simd.wasm');
  // What is not chosen is not loaded.
  const chunks = (await served.files()).filter((name) => /^dist-.*\.js$/.test(name));
  expect(chunks.length).toBeGreaterThan(1);
  expect(asked.filter((path) => path.includes('/dist-'))).toHaveLength(1);
  await page.close();
});

test.skipIf(!hasChromium)(
  'where the files are not served, auto falls back and says why',
  async () => {
    const page = await served.open('plain');
    const warnings: string[] = [];
    page.on('console', (message) => {
      if (message.text().startsWith('Elbo')) warnings.push(message.text());
    });
    const selected = await select(page, { wasmPaths: 'nowhere/' });
    expect(selected).toMatchObject({
      name: 'cpu',
      tried: [{ name: 'webgpu' }, { name: 'webgl' }, { name: 'wasm' }, { name: 'cpu' }],
    });
    expect(JSON.stringify(selected)).toMatch(/give `wasmPaths`/);
    await select(page, {});
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /plain JavaScript.*http:\/\/127\.0\.0\.1:\d+\/plain\/nowhere\/tfjs-backend-wasm.*\.wasm/,
    );
    await page.close();
  },
);

test.skipIf(!hasChromium)('threads need an isolated page, and run in one', async () => {
  const plain = await served.open('plain');
  const options = { backend: 'wasm', threads: 2, wasmPaths: 'wasm/' };
  expect(await select(plain, options)).toMatch(
    /it runs on one thread, not 2: threads need a page that is cross-origin isolated/,
  );
  await plain.close();
  const isolated = await served.open('isolated');
  const cores = await isolated.evaluate(() => navigator.hardwareConcurrency);
  expect(await select(isolated, options)).toMatchObject({ name: 'wasm', threads: 2 });
  /** The bits of a product that threads share: 2 · 300 · 400 · 500 operations are worth it anywhere. */
  const product = (page: Page) =>
    page.evaluate(async () => {
      const { tf } = (globalThis as unknown as PageGlobals).elbo;
      const waves = (rows: number, columns: number) =>
        tf.tensor2d(
          Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i)),
          [rows, columns],
        );
      const bits = new Uint32Array(
        (await tf.matMul(waves(300, 500), waves(500, 400)).data<'float32'>()).buffer,
      );
      return bits.reduce((digest, word) => (Math.imul(digest, 31) + word) | 0, 0);
    });
  const onTwo = await product(isolated);
  await isolated.close();
  const single = await served.open('isolated');
  expect(await select(single, { ...options, threads: 1 })).toMatchObject({ threads: 1 });
  expect(onTwo).toBe(await product(single));
  await single.close();
  const usual = await served.open('isolated');
  expect(await select(usual, { backend: 'wasm', wasmPaths: 'wasm/' })).toMatchObject({
    threads: cores,
  });
  await usual.close();
});

test.skipIf(!hasChromium)('a page that forbids workers has one thread, and says why', async () => {
  const page = await served.open('workerless');
  expect(await select(page, { backend: 'wasm', wasmPaths: 'wasm/' })).toMatchObject({
    threads: 1,
    acceleration: { fewer: expect.stringContaining('its threads do not start') as unknown },
  });
  await page.close();
  const another = await served.open('workerless');
  expect(await select(another, { backend: 'wasm', threads: 2, wasmPaths: 'wasm/' })).toMatch(
    /it runs on one thread, not 2: its threads do not start/,
  );
  await another.close();
});
