// Weighs what each package adds to a user's bundle against its budget in .size-limit.json:
//   node tools/size.mjs [--update]     (--update first sets every budget to what is measured and a quarter)
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { must, run } from './lib/run.mjs';
import { build } from './lib/tasks.mjs';
import { binary, closure, packages, readJson, root } from './lib/workspace.mjs';

const { values: flags } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const file = join(root, '.size-limit.json');
const sizeLimit = [binary('size-limit')];

/**
 * Not part of the weight: the engine and its backends, which are the user's own, and the modules of
 * Node, which the builds name with and without their prefix.
 */
/** The code of a package's build, in whatever files it lies. */
const codeOf = ({ path }) =>
  readdirSync(join(path, 'dist'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(path, 'dist', name), 'utf8'));

function ignored(library) {
  const code = closure(library).flatMap(codeOf).join('\n');
  return ['@tensorflow/*', 'node:*', ...builtinModules.filter((m) => code.includes(`from "${m}"`))];
}

/** What people bundle: all but commands. */
const libraries = packages().filter(({ manifest }) => !manifest.bin);

async function save(budgets) {
  const options = { ...(await resolveConfig(file)), parser: 'json' };
  writeFileSync(file, await format(JSON.stringify(budgets), options));
}

async function update() {
  await build();
  const unlimited = libraries.map((library) => ({
    name: library.manifest.name,
    path: `packages/${library.folder}/dist/index.js`,
    limit: '1 GB',
    ignore: ignored(library),
  }));
  await save(unlimited);
  const measured = await must(process.execPath, [...sizeLimit, '--json'], { cwd: root });
  const sizes = new Map(JSON.parse(measured).map(({ name, size }) => [name, size]));
  const limit = (name) => `${Math.ceil((sizes.get(name) * 1.25) / 100) / 10} kB`;
  await save(unlimited.map((budget) => ({ ...budget, limit: limit(budget.name) })));
}

if (flags.update) await update();
const budgeted = new Set(readJson(file).map(({ name }) => name));
const missing = libraries.filter(({ manifest }) => !budgeted.has(manifest.name));
const { status, output } = await run(process.execPath, sizeLimit, { cwd: root });
console.log(output);
for (const { manifest } of missing)
  console.error(`${manifest.name} has no budget: run node tools/size.mjs --update`);
process.exitCode = missing.length > 0 ? 1 : status;
