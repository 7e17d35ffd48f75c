// What each package holds: its floor, files and lines of its sources, and the names that its entries export:
//   node tools/house.mjs [FOLDER OF ANOTHER CHECKOUT]
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { root } from './lib/workspace.mjs';

const house = resolve(process.argv[2] ?? root);

/** Every TypeScript file below a folder that is written by hand. */
function sources(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return name === 'generated' ? [] : sources(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** The sources behind a package's entries, by any condition. */
function entries({ exports = {} }, path) {
  const found = new Set();
  const visit = (target) => {
    if (typeof target === 'object') Object.values(target).forEach(visit);
    else if (target.startsWith('./src/')) found.add(join(path, target));
  };
  visit(exports);
  return [...found];
}

const packages = readdirSync(join(house, 'packages'))
  .map((name) => ({ name, path: join(house, 'packages', name) }))
  .filter(({ path }) => existsSync(join(path, 'package.json')))
  .map(({ name, path }) => {
    const manifest = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    return { name, files: sources(join(path, 'src')), entries: entries(manifest, path) };
  });

const program = ts.createProgram(
  packages.flatMap((each) => each.entries),
  {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    customConditions: ['@elbo/source'],
    skipLibCheck: true,
    noEmit: true,
  },
);
const checker = program.getTypeChecker();

/** How many names the entries of a package export between them. */
function exported(files) {
  const names = files.flatMap((file) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file));
    return module ? checker.getExportsOfModule(module).map(({ name }) => name) : [];
  });
  return new Set(names).size;
}

const rows = packages.map(({ name, files, entries: points }) => {
  const lines = files.map((file) => readFileSync(file, 'utf8').split('\n').length - 1);
  const sorted = lines.toSorted((a, b) => a - b);
  return {
    name,
    files: files.length,
    lines: lines.reduce((a, b) => a + b, 0),
    median: sorted[Math.floor(sorted.length / 2)],
    longest: sorted.at(-1),
    exports: exported(points),
  };
});
console.log('| package | files | lines | median | longest | exports |');
console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
for (const row of rows) console.log(`| ${Object.values(row).join(' | ')} |`);
const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
console.log(`| together | ${sum('files')} | ${sum('lines')} | | | ${sum('exports')} |`);
