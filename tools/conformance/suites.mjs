// Running the library's tests in a process of their own, on a backend as it is published or with our kernels and gradients.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { commonJsNames } from '../lib/commonjs.mjs';
import { run } from '../lib/run.mjs';
import { root, scratch } from '../lib/workspace.mjs';
import { servePage } from '@elbo/testing/pages';

const folder = join(scratch, 'conformance');
const binaries = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** The tests take seconds on most backends, and minutes on a GPU that is a program; a kernel that hangs is stopped. */
const patience = 1_200_000;

/** What each suite has beside the backend. Gradients come after the library's own and replace them, as a user has it. */
const additions = {
  stock: [],
  kernels: ['./accelerate.mjs'],
  gradients: ['@elbo/gradients', './accelerate.mjs'],
  programs: ['@elbo/gradients', './programs.mjs'],
};

/** Backends that the tests run on. The last three are packages of a project of the user's; webgl runs in a page. */
export const backends = ['wasm', 'cpu', 'node', 'webgpu', 'webgl'];
const inPage = (backend) => backend === 'webgl';

/** Packages that a bundle cannot hold, for they load compiled parts that lie beside them. */
const apart = /^(@mapbox\/node-pre-gyp|webgpu)$/;

/** Lets a bundle load those from where they are installed. */
const compiledParts = (project) => ({
  name: 'compiled-parts',
  setup: ({ onResolve, onLoad }) => {
    const { resolve } = createRequire(join(project, 'package.json'));
    onResolve({ filter: apart }, ({ path }) => ({ path: resolve(path), external: true }));
    onLoad({ filter: /tfjs-node\/dist\/index\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('__dirname', JSON.stringify(dirname(path))),
    }));
    // Its classes are functions, which cannot call the class that the library's modules have.
    onLoad({ filter: /nodejs_kernel_backend\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        '_super.call(this) || this',
        'Reflect.construct(_super, [], NodeJSKernelBackend)',
      ),
    }));
  },
});

/** One program of a suite and all it imports, so that there is one copy of the library and its engine. */
async function bundled(suite, backend, project) {
  const outfile = join(folder, `${backend}-${suite}.mjs`);
  const modules = [
    './environment.mjs',
    `./backends/${backend}.mjs`,
    ...additions[suite],
    '@tensorflow/tfjs-core/dist/tests',
    inPage(backend) ? './page.mjs' : './process.mjs',
  ];
  const platform = inPage(backend)
    ? { platform: 'browser', define: { global: 'globalThis' } }
    : {
        platform: 'node',
        banner: { js: commonJsNames },
        plugins: [compiledParts(project)],
        external: ['jasmine-core', 'jasmine-core/*'],
      };
  await build({
    stdin: {
      contents: modules.map((module) => `import '${module}';`).join('\n'),
      resolveDir: join(root, 'tools', 'conformance', 'suite'),
    },
    outfile,
    bundle: true,
    ...platform,
    format: 'esm',
    mainFields: ['module', 'main'],
    conditions: ['@elbo/source'],
    nodePaths: [join(project, 'node_modules')],
    // The library declares itself free of side effects, its tests and gradients included.
    ignoreAnnotations: true,
    logLevel: 'error',
  });
  return outfile;
}

/** What became of each test of a program in headless Chromium. */
async function runPage(program, only) {
  const served = await servePage(program);
  try {
    const page = await served.open('conformance');
    return await page.evaluate((text) => globalThis.elbo.execute(text), only);
  } finally {
    await served.close();
  }
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

/**
 * Runs a suite on a backend, whose packages `project` has, or of its tests those whose names hold `only`. Resolves to what became of each test:
 * [{ name, status, message }].
 */
export async function runSuite(suite, { backend = 'wasm', project = root, only = '' } = {}) {
  mkdirSync(folder, { recursive: true });
  const program = await bundled(suite, backend, project);
  if (inPage(backend)) return numbered(await runPage(program, only));
  const results = join(folder, `${backend}-${suite}.json`);
  const args = [program, results, `${binaries}/`, only];
  const { status, output, timedOut } = await run(process.execPath, args, { timeout: patience });
  if (status !== 0)
    throw new Error(
      `${output.slice(-2000)}\nThe suite '${suite}' on ${backend} ${timedOut ? 'did not end' : `ended with ${status}`}.`,
    );
  return numbered(JSON.parse(readFileSync(results, 'utf8')));
}
