// Weighs what each package adds to a user's bundle against its budget in .size-limit.json:
//   node tools/size.mjs [--update]     (--update first sets every budget to what is measured and a quarter)
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { must, run } from './lib/run.mjs';
import { build } from './lib/tasks.mjs';
import { binary, closure, packageNamed, packages, readJson, root } from './lib/workspace.mjs';

const { values: flags } = parseArgs({ options: { update: { type: 'boolean', default: false } } });
const file = join(root, '.size-limit.json');
const sizeLimit = [binary('size-limit')];

/** The code of a package's build. */
const codeOf = ({ path }) =>
  readdirSync(join(path, 'dist'), { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(path, 'dist', name), 'utf8'));

/**
 * Not part of the weight: the engine and its backends, which are the user's own, and the modules of
 * Node, which the builds name with and without their prefix.
 */
function ignored(library) {
  const code = closure(library).flatMap(codeOf).join('\n');
  return ['@tensorflow/*', 'node:*', ...builtinModules.filter((m) => code.includes(`from "${m}"`))];
}

/** What people bundle: all but commands. */
const libraries = packages().filter(({ manifest }) => !manifest.bin);

/** What a program pays for that imports these names only: package by package. */
const programs = [
  { name: 'a key', imports: { random: ['key'] } },
  { name: 'a backend', imports: { backends: ['selectBackend'] } },
  { name: 'a dataset', imports: { datasets: ['fourPixels'] } },
  { name: 'a model: vae', imports: { vae: ['vae'] } },
  { name: 'a model: avb', imports: { avb: ['avb'] } },
  {
    name: 'a VAE that samples',
    imports: {
      vae: ['vae', 'standardNormal', 'gaussianEncoder', 'bernoulliDecoder', 'mlp', 'key'],
    },
  },
  {
    name: 'a decoder of a file, which samples',
    imports: {
      models: ['loadModel'],
      core: ['createRegistry', 'priorKinds'],
      decoders: ['decoderKinds'],
      networks: ['networkKinds'],
      objectives: ['generatorKind'],
      random: ['key'],
    },
  },
  { name: 'any model of a file', imports: { models: ['loadModel', 'standard'], random: ['key'] } },
  {
    name: 'a VAE that trains',
    imports: {
      vae: ['vae', 'standardNormal', 'gaussianEncoder', 'bernoulliDecoder', 'mlp', 'adam', 'train'],
    },
  },
  {
    name: 'an AVB that trains',
    imports: {
      avb: [
        'avb',
        'standardNormal',
        'anchoredEncoder',
        'bernoulliDecoder',
        'innerProductDiscriminator',
        'mlp',
        'adam',
        'train',
      ],
    },
  },
];

/** What a page loads of a package. */
function pathOf(folder) {
  return join('packages', folder, packageNamed(folder).manifest.exports['.'].default);
}

/** A budget of each package as a whole, and one of each program. */
const unlimited = () => {
  const rest = { limit: '1 GB' };
  return [
    ...libraries.map((library) => ({
      name: library.manifest.name,
      path: pathOf(library.folder),
      ...rest,
      ignore: ignored(library),
    })),
    ...programs.map(({ name, imports }) => ({
      name,
      path: Object.keys(imports).map(pathOf),
      import: Object.fromEntries(
        Object.entries(imports).map(([folder, names]) => [
          pathOf(folder),
          `{ ${names.join(', ')} }`,
        ]),
      ),
      ...rest,
      ignore: ['@tensorflow/*', 'node:*'],
    })),
  ];
};

async function save(budgets) {
  const options = { ...(await resolveConfig(file)), parser: 'json' };
  writeFileSync(file, await format(JSON.stringify(budgets), options));
}

async function update() {
  await build();
  await save(unlimited());
  const measured = await must(process.execPath, [...sizeLimit, '--json'], { cwd: root });
  const sizes = new Map(JSON.parse(measured).map(({ name, size }) => [name, size]));
  const limit = (name) => `${Math.ceil((sizes.get(name) * 1.25) / 100) / 10} kB`;
  await save(unlimited().map((budget) => ({ ...budget, limit: limit(budget.name) })));
}

if (flags.update) await update();
const budgeted = new Set(readJson(file).map(({ name }) => name));
const missing = unlimited().filter(({ name }) => !budgeted.has(name));
const { status, output } = await run(process.execPath, sizeLimit, { cwd: root });
console.log(output);
for (const { name } of missing)
  console.error(`${name} has no budget: run node tools/size.mjs --update`);
process.exitCode = missing.length > 0 ? 1 : status;
