// Runs TensorFlow.js' own tests, as @tensorflow/tfjs-core publishes them, on the WebAssembly backend in Node:
//   npm run conformance -- [--json] [--stock] [--backend NAME] [--from FOLDER] [--only TEXT]
// three times, each in a process of its own: as it is published, with the kernels of @elbo/wasm, and with those and the
// gradients of @elbo/gradients. It fails when a test fails that passes as published, or any that
// conformance/allowed.json does not name with a reason; --stock runs the first alone, and reports.
// Another backend (cpu, node, webgpu, webgl) has two runs, as published and with the gradients, and fails on the first count
// alone; node has a third, in which what the tests ask for is run as programs. FOLDER, as for npm run parity, has the packages of the last three. --only takes the tests
// whose names hold a text: on a GPU that is a program, all take hours.
import { parseArgs } from 'node:util';
import { compare, count, stockFailures } from './conformance/compare.mjs';
import { backends, runSuite } from './conformance/suites.mjs';
import { assemble } from './lib/tasks.mjs';
import { root } from './lib/workspace.mjs';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    stock: { type: 'boolean', default: false },
    backend: { type: 'string', default: 'wasm' },
    only: { type: 'string', default: '' },
    from: { type: 'string', default: process.env.ELBO_BACKENDS ?? root },
  },
});

const { backend } = flags;
const where = { backend, project: flags.from, only: flags.only };
const ours = backend === 'wasm';

const titles = {
  stock: 'as published',
  kernels: 'with the kernels of @elbo/wasm',
  gradients: `${ours ? 'and' : 'with'} the gradients of @elbo/gradients`,
  programs: 'with those, as programs of TensorFlow',
};

/** The suites beside the library as it is published. */
const additions = { wasm: ['kernels', 'gradients'], node: ['gradients', 'programs'] }[backend] ?? [
  'gradients',
];

function printTable(suites) {
  const width = Math.max(...Object.values(titles).map((title) => title.length));
  for (const [suite, { passed, failed, skipped }] of Object.entries(suites))
    console.log(
      `  ${titles[suite].padEnd(width)}  ${String(passed).padStart(5)} passed ${String(failed).padStart(5)} failed ${String(skipped).padStart(3)} skipped`,
    );
}

/** Names of tests under the groups they are in. */
function printTests(title, tests) {
  if (tests.length === 0) return;
  console.log(`\n${title}`);
  const groups = [...new Set(tests.map(({ group }) => group))].sort();
  for (const group of groups) {
    const within = tests.filter((test) => test.group === group);
    console.log(`  ${group} (${within.length})`);
    for (const { name } of within) console.log(`    ${name}`);
  }
}

async function report() {
  const outcomes = await runSuite('stock', where);
  const stock = { ...count(outcomes), failures: stockFailures(outcomes) };
  if (flags.json) return console.log(JSON.stringify({ stock }, null, 2));
  printTable({ stock });
  printTests('Fail as published:', stock.failures);
}

function printComparison(suite, { broken, passing = [], unexpected, known, repaired }) {
  const title = titles[suite];
  printTests(`Broken, ${title}:`, broken);
  printTests(`Failing once, ${title}, and passing in a second run of all tests:`, passing);
  printTests(`Failing, ${title}, and ${ours ? 'not allowed' : 'as published'}:`, unexpected);
  printTests(`Failing, ${title}, and allowed:`, known);
  if (!ours) return;
  printTests(
    `Passing, ${title}, though tools/conformance/allowed.json says they fail (take them out):`,
    repaired.map((name) => ({ name, group: 'repaired' })),
  );
}

/**
 * A suite beside the library as it is published. Some of its tests measure time, and fail now and then either way: what is
 * broken is so in two runs, of all tests each, for a test may fail by what ran before it.
 */
async function compared(suite, stock) {
  const once = async () => compare(suite, await runSuite(suite, where), stock, backend);
  const first = await once();
  if (first.broken.length === 0) return first;
  const again = new Set((await once()).broken.map(({ name }) => name));
  const [broken, passing] = [true, false].map((twice) =>
    first.broken.filter(({ name }) => again.has(name) === twice),
  );
  return { ...first, broken, passing };
}

async function check() {
  await assemble();
  const stock = await runSuite('stock', where);
  const suites = {};
  for (const suite of additions) suites[suite] = await compared(suite, stock);
  // What another backend fails as published is its own; and some that are allowed on wasm fail on it alone.
  const good = Object.values(suites).every(
    ({ broken, unexpected, repaired }) =>
      broken.length + (ours ? unexpected.length + repaired.length : 0) === 0,
  );
  process.exitCode = good ? 0 : 1;
  if (flags.json)
    return console.log(JSON.stringify({ stock: count(stock), ...suites, good }, null, 2));
  printTable({ stock: count(stock), ...suites });
  for (const [suite, comparison] of Object.entries(suites)) printComparison(suite, comparison);
  console.log(good ? '\nConforms.' : '\nDoes not conform.');
}

if (backends.includes(backend)) await (flags.stock ? report() : check());
else {
  console.error(`No suite for '${backend}'. There are: ${backends.join(', ')}.`);
  process.exitCode = 2;
}
