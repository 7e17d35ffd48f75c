import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { build } from 'tsup';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { describeBackends, selectBackend, SelectOptions } from '../src/index.js';

const executablePath = '/usr/bin/chromium';
const present = existsSync(executablePath);
if (!present) console.warn(`No ${executablePath}: backends are NOT tested in a browser.`);

interface PageGlobals {
  elbo: { describeBackends: typeof describeBackends; selectBackend: typeof selectBackend };
}

let built: string;
let server: Server;
let browser: Browser;

const types: Readonly<Record<string, string>> = { js: 'text/javascript', wasm: 'application/wasm' };

/** Serves the bundle, the .wasm files under /wasm/, and pages: /isolated/ may use threads, others not. */
async function serve(): Promise<Server> {
  const wasm = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  const listening = createServer((request, response) => {
    const path = request.url!;
    const name = path.split('/').at(-1)!;
    const headers = {
      'Content-Type': types[name.split('.').at(-1)!] ?? 'text/html',
      ...(path.startsWith('/isolated/') && {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }),
    };
    if (name === '') {
      response.writeHead(200, headers).end('<script type="module" src="page.js"></script>');
      return;
    }
    readFile(join(path.includes('/wasm/') ? wasm : built, name)).then(
      (bytes) => response.writeHead(200, headers).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  return listening;
}

beforeAll(async () => {
  if (!present) return;
  built = await mkdtemp(join(tmpdir(), 'elbo-page-'));
  await build({
    entry: { page: join(import.meta.dirname, 'page.ts') },
    outDir: built,
    format: ['esm'],
    outExtension: () => ({ js: '.js' }),
    noExternal: [/.*/],
    platform: 'browser',
    target: 'es2022',
    splitting: true,
    config: false,
    silent: true,
    esbuildOptions: (options) => {
      options.conditions = ['@elbo/source'];
      options.mainFields = ['module', 'main'];
    },
  });
  server = await serve();
  browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterAll(async () => {
  if (!present) return;
  await browser.close();
  await new Promise((resolve) => server.close(resolve));
  await rm(built, { recursive: true, force: true });
});

async function open(folder: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${folder}/`);
  await page.waitForFunction(() => 'elbo' in globalThis);
  return page;
}

const select = (page: Page, options: SelectOptions) =>
  page.evaluate((wanted) => {
    const { selectBackend } = (globalThis as unknown as PageGlobals).elbo;
    return selectBackend(wanted).catch((error: unknown) => String(error));
  }, options);

test.skipIf(!present)('in a browser, wasm runs from where its files are served', async () => {
  const page = await open('plain');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const selected = await select(page, { wasmPaths: 'wasm/' });
  expect(selected).toMatchObject({ name: 'wasm', device: 'cpu', threads: 1 });
  expect(asked).toContain('/plain/wasm/tfjs-backend-wasm-simd.wasm');
  // What is not chosen is not loaded.
  const chunks = (await readdir(built)).filter((name) => /^dist-.*\.js$/.test(name));
  expect(chunks.length).toBeGreaterThan(1);
  expect(asked.filter((path) => path.includes('/dist-'))).toHaveLength(1);
  await page.close();
});

test.skipIf(!present)('where the files are not served, auto falls back and says why', async () => {
  const page = await open('plain');
  const selected = await select(page, { wasmPaths: 'nowhere/' });
  expect(selected).toMatchObject({ name: 'cpu', tried: [{ name: 'wasm' }, { name: 'cpu' }] });
  expect(JSON.stringify(selected)).toMatch(/give `wasmPaths`/);
  await page.close();
});

test.skipIf(!present)('threads need an isolated page, and run in one', async () => {
  const plain = await open('plain');
  const options = { backend: 'wasm', threads: 2, wasmPaths: 'wasm/' };
  expect(await select(plain, options)).toMatch(
    /2 threads need a page that is cross-origin isolated/,
  );
  await plain.close();
  const isolated = await open('isolated');
  // TensorFlow.js takes no more than half of the cores, and says nothing of it.
  const cores = await isolated.evaluate(() => navigator.hardwareConcurrency);
  const selected = await select(isolated, options);
  if (cores >= 4) expect(selected).toMatchObject({ name: 'wasm', threads: 2 });
  else expect(selected).toMatch(/it runs on 1 thread, not 2/);
  await isolated.close();
});
