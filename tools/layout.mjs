// Checks that every package is laid out alike, and that lists which say the same agree:
//   node tools/layout.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { floors } from './lib/floors.mjs';
import { packages, readJson, root } from './lib/workspace.mjs';

/** Packages without type tests, and why. */
const untested = {
  cli: 'exports one function, of strings',
  export: 'functions of models to bytes: no type depends on an argument',
  files: 'functions of paths, bytes and strings: no type depends on an argument',
  ops: 'functions of tensors: a wrong rank is found when they run',
  parallel: 'its one option of a type is a model, which objectives tests',
  random: 'functions of keys and numbers: no type depends on an argument',
  report: 'functions of plain data to strings and bytes',
  runs: 'functions of paths and plain data: no type depends on an argument',
  wasm: 'one function of a few plain options',
};

/** What every package has. */
const files = ['LICENSE', 'README.md', 'src', 'test', 'tsconfig.json', 'vitest.config.ts'];

const read = (...path) => readFileSync(join(root, ...path), 'utf8');
const known = packages().map(({ folder }) => folder);
const complaints = [];

function furnished({ folder, path }) {
  for (const file of files)
    if (!existsSync(join(path, file))) complaints.push(`packages/${folder} has no ${file}.`);
  const tested = existsSync(join(path, 'test-d'));
  if (!tested && !(folder in untested))
    complaints.push(
      `packages/${folder} has no type tests: write test-d/*.test-d.ts, or say in tools/layout.mjs why it needs none.`,
    );
  if (tested && folder in untested)
    complaints.push(
      `packages/${folder} has type tests: strike it from the list in tools/layout.mjs.`,
    );
  const tsconfig = join(path, 'tsconfig.json');
  const { include = [] } = existsSync(tsconfig) ? readJson(tsconfig) : {};
  for (const part of ['src', 'test', ...(tested ? ['test-d'] : [])])
    if (!include.includes(part))
      complaints.push(`packages/${folder}/tsconfig.json does not include ${part}.`);
}

/** Every package is on one floor, and each name there is a package. */
function housed() {
  const named = floors.flat();
  for (const folder of known) {
    const times = named.filter((name) => name === folder).length;
    if (times !== 1) complaints.push(`tools/lib/floors.mjs names ${folder} ${times} times.`);
  }
  for (const name of [...named, ...Object.keys(untested)])
    if (!known.includes(name)) complaints.push(`There is no package ${name}, which a list names.`);
}

/** The floors that CONTRIBUTING.md shows, top first, are those that the linter knows. */
function shown() {
  const lines = [...read('CONTRIBUTING.md').matchAll(/^ ?(\d+) {2}(\S.*)$/gm)];
  const found = lines.map(([, floor, names]) => `${floor} ${names.split(/\s+/).join(' ')}`);
  const expected = floors.map((names, i) => `${i} ${names.join(' ')}`).toReversed();
  for (const [i, line] of expected.entries())
    if (found[i] !== line)
      complaints.push(
        `CONTRIBUTING.md, floors: '${found[i] ?? ''}' where the linter has '${line}'.`,
      );
}

/** The functions that a user calls first show how, in an example that tools/examples.mjs runs. */
function exampled({ folder, path }) {
  const sources = readdirSync(join(path, 'src'), { recursive: true }).filter((f) =>
    f.endsWith('.ts'),
  );
  if (!sources.some((f) => readFileSync(join(path, 'src', f), 'utf8').includes('* @example\n')))
    complaints.push(
      `packages/${folder} has no @example: give one to the function that a user calls first.`,
    );
}

/** README.md lists each package. */
function listed({ folder, manifest }) {
  if (!read('README.md').includes(`| [\`${manifest.name}\`](packages/${folder})`))
    complaints.push(`README.md does not list ${manifest.name}.`);
}

for (const library of packages()) {
  furnished(library);
  exampled(library);
  listed(library);
}
for (const library of packages(join(root, 'tools')))
  if (!existsSync(join(library.path, 'tsconfig.json')))
    complaints.push(`tools/${basename(library.path)} has no tsconfig.json.`);
housed();
shown();
for (const complaint of complaints) console.error(complaint);
console.log(`${known.length} packages on ${floors.length} floors; ${complaints.length} complaints`);
process.exitCode = complaints.length > 0 ? 1 : 0;
