// A page in a real browser, for tests and benchmarks: bundles an entry, serves it and the WebAssembly backend's files, and
// opens it in the system's Chromium.
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

export const hasChromium = existsSync(executablePath);

const types = { js: 'text/javascript', wasm: 'application/wasm' };
const wasmFiles = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Serves `built`, the .wasm files under wasm/, and pages: those under /isolated/ may use threads, others not, and
 * those under /workerless/ might, but for a policy that forbids workers. Under /silent/ the .wasm files never come. */
async function serve(built) {
  const server = createServer((request, response) => {
    const path = request.url;
    const name = path.split('/').at(-1);
    const headers = {
      'Content-Type': types[name.split('.').at(-1)] ?? 'text/html',
      ...(/^\/(isolated|workerless)\//.test(path) && {
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      }),
      ...(path.startsWith('/workerless/') && {
        'Content-Security-Policy': "worker-src 'none'",
      }),
    };
    if (name === '') {
      response.writeHead(200, headers).end('<script type="module" src="page.js"></script>');
      return;
    }
    if (path.startsWith('/silent/wasm/')) return;
    readFile(join(path.includes('/wasm/') ? wasmFiles : built, name)).then(
      (bytes) => response.writeHead(200, headers).end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const bundle = (entry, outdir, nodePaths) =>
  build({
    // The worker is a file of its own, which bundlers that know `new URL(…, import.meta.url)` see to themselves.
    entryPoints: { page: entry, worker: '@elbo/wasm/worker' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@elbo/source'],
    mainFields: ['module', 'main'],
    nodePaths,
    logLevel: 'error',
  });

export async function servePage(entry, { modules = [], flags = [] } = {}) {
  const built = await mkdtemp(join(tmpdir(), 'elbo-page-'));
  await bundle(entry, built, modules);
  const server = await serve(built);
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ...flags,
    ],
  });
  return {
    open: async (folder) => {
      const page = await browser.newPage();
      // A slow machine is no failure.
      page.setDefaultTimeout(0);
      await page.goto(`http://127.0.0.1:${server.address().port}/${folder}/`);
      await page.waitForFunction(() => 'elbo' in globalThis);
      return page;
    },
    files: () => readdir(built),
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(built, { recursive: true, force: true });
    },
  };
}
