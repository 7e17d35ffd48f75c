// Running the library's tests in a process of their own, on a backend as it is published or with our kernels.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { run } from '../lib/run.mjs';
import { root, scratch } from '../lib/workspace.mjs';

const folder = join(scratch, 'conformance');
const binaries = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** The tests take seconds; a kernel that hangs is stopped. */
const patience = 300_000;

/** One program of a suite and all it imports, so that there is one copy of the library and its engine. */
async function bundled(name) {
  const outfile = join(folder, `${name}.cjs`);
  await build({
    entryPoints: [join(root, 'tools', 'conformance', 'suite', `${name}.mjs`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    conditions: ['@elbo/source'],
    // The library declares itself free of side effects, its tests and gradients included.
    ignoreAnnotations: true,
    external: ['jasmine-core', 'jasmine-core/*'],
    logLevel: 'error',
  });
  return outfile;
}

/** Tests of one name are told apart by their order. */
function numbered(outcomes) {
  const seen = new Map();
  return outcomes.map(({ name, ...outcome }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { name: count === 1 ? name : `${name} (${count})`, ...outcome };
  });
}

/** Runs a suite of tools/conformance/suite/. Resolves to what became of each test: [{ name, status, message }]. */
export async function runSuite(name) {
  mkdirSync(folder, { recursive: true });
  const [program, results] = [await bundled(name), join(folder, `${name}.json`)];
  const args = [program, results, `${binaries}/`];
  const { status, output, timedOut } = await run(process.execPath, args, { timeout: patience });
  if (status !== 0)
    throw new Error(
      `${output.slice(-2000)}\nThe suite '${name}' ${timedOut ? 'did not end' : `ended with ${status}`}.`,
    );
  return numbered(JSON.parse(readFileSync(results, 'utf8')));
}
