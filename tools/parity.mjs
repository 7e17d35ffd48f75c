// Trains ten steps of every model family on every backend that is here, with one seed, and compares them with wasm:
//   npm run parity -- [FOLDER [BACKEND...]] [--models NAME,...]
// FOLDER, by default this one, has the optional backends (see docs/guide/backends.md) and the same tfjs-core:
//   npm install --no-save --ignore-scripts @tensorflow/tfjs-node@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0 webgpu@0.6.2
//   npx elbo build-native --tensorflow tf
// Metrics, among them the norms of gradients, agree to 1e-4 of the largest of their step, and WebGL's to 1e-3; a run
// that goes on from the other's checkpoint agrees likewise. What is absent is skipped, and said. A backend in a page,
// in headless Chromium, has the name page/webgl or page/webgpu.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { names, steps } from './parity/models.mjs';

const { values: flags, positionals } = parseArgs({
  options: { models: { type: 'string', default: names.join() } },
  allowPositionals: true,
});
const [folder = process.cwd(), ...chosen] = positionals;
const reference = 'wasm';
const others =
  chosen.length > 0 ? chosen : ['cpu', 'node', 'node-gpu', 'webgpu', 'page/webgl', 'page/webgpu'];
const toleranceOf = (backend) => (backend === 'page/webgl' ? 1e-3 : 1e-4);

/** A process with one backend, which answers requests in turn. */
async function startProcess(backend) {
  const entry = fileURLToPath(new URL('parity/node.mjs', import.meta.url));
  const child = spawn(process.execPath, [entry, backend, folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    return done ? { absent: 'its process ended', failed: 'its process ended' } : JSON.parse(value);
  };
  return {
    backend,
    ...(await next()),
    train: (name, checkpoint) => {
      child.stdin.write(`${JSON.stringify({ name, checkpoint })}\n`);
      return next();
    },
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

/** A page with one backend, which answers likewise. */
async function startPage(name) {
  const backend = `page/${name}`;
  // Only here: a machine with a GPU need not have what bundles and opens pages.
  const { hasChromium, servePage } = await import('@elbo/testing/pages');
  if (!hasChromium) return { backend, absent: 'no Chromium', close: () => undefined };
  const entry = fileURLToPath(new URL('parity/page.mjs', import.meta.url));
  const modules = [join(folder, 'node_modules')];
  const served = await servePage(entry, { modules, flags: ['--enable-unsafe-webgpu'] });
  const page = await served.open('plain');
  return {
    backend,
    ...(await page.evaluate((wanted) => globalThis.elbo.select(wanted), name)),
    train: (model, checkpoint) =>
      page.evaluate((wanted) => globalThis.elbo.train(wanted), { name: model, checkpoint }),
    close: () => served.close(),
  };
}

const start = (name) =>
  name.startsWith('page/') ? startPage(name.slice('page/'.length)) : startProcess(name);

/** The largest difference of two runs, relative to the largest metric of its step. */
function difference(a, b) {
  const apart = a.map((metrics, i) => {
    const scale = Math.max(...Object.values(metrics).map(Math.abs));
    return Math.max(
      ...Object.keys(metrics).map((key) => Math.abs(metrics[key] - b[i][key]) / scale),
    );
  });
  return Math.max(...apart);
}

const counts = { passed: 0, failed: 0, skipped: 0 };

function tell(backend, name, what, value) {
  const passed = typeof value === 'number' && value <= toleranceOf(backend);
  counts[passed ? 'passed' : 'failed'] += 1;
  const shown = typeof value === 'number' ? value.toExponential(1) : value;
  console.log(`${passed ? '✓' : '✗'} ${backend.padEnd(11)} ${name.padEnd(16)} ${what}: ${shown}`);
}

async function compare(own, other) {
  for (const name of flags.models.split(',')) {
    const [mine, theirs] = [await own.train(name), await other.train(name)];
    if (mine.failed ?? theirs.failed) {
      tell(other.backend, name, `${steps} steps`, mine.failed ?? theirs.failed);
      continue;
    }
    tell(other.backend, name, `${steps} steps`, difference(mine.metrics, theirs.metrics));
    const rest = (run) => run.metrics.slice(-steps / 2);
    for (const [what, from, goingOn] of [
      ['from a checkpoint of wasm', mine, other],
      ['its checkpoint on wasm', theirs, own],
    ]) {
      const resumed = await goingOn.train(name, from.halfway);
      const result = resumed.failed ?? difference(rest(from), rest(resumed));
      tell(other.backend, name, what, result);
    }
  }
}

const own = await start(reference);
for (const backend of others) {
  const other = await start(backend);
  if (other.absent) {
    console.log(`SKIPPED ${backend}: ${other.absent}`);
    counts.skipped += 1;
  } else {
    console.log(`${backend} on the ${other.device}: ${JSON.stringify(other.versions)}`);
    await compare(own, other);
  }
  await other.close();
}
await own.close();
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
