// Looks for what the documents name and the repository does not have: files, scripts, options, exports:
//   node tools/named.mjs
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packages, readJson, root } from './lib/workspace.mjs';

const matches = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);

/** Every name that a module exports, and those that it passes on. */
function exportedBy(text) {
  const own = matches(
    text,
    /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm,
  );
  const passed = matches(text, /^export (?:type )?\{([^}]*)\}/gm).flatMap((list) =>
    matches(list, /(\w+)\s*(?:,|$)/g),
  );
  return new Set([...own, ...passed]);
}

const read = (file) => readFileSync(file, 'utf8');
const filesIn = (folder, pattern) =>
  readdirSync(folder, { recursive: true })
    .filter((file) => pattern.test(file) && !/(^|\/)(node_modules|dist|\.elbo)\//.test(file))
    .map((file) => join(folder, file));

const documents = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'].map((file) => join(root, file)),
  ...['docs/README.md', 'docs/benchmarks.md', 'docs/reproductions.md'].map((f) => join(root, f)),
  ...filesIn(join(root, 'docs', 'guide'), /\.md$/),
  ...packages().map(({ path }) => join(path, 'README.md')),
];

const sources = packages().map(({ path }) => {
  const text = filesIn(join(path, 'src'), /\.ts$/).map(read).join('\n');
  return { path, text, exports: exportedBy(text) };
});
const code = sources.map(({ text }) => text).join('\n');
const programs = filesIn(join(root, 'tools'), /\.(mjs|ts)$/)
  .map(read)
  .join('\n');
const { scripts } = readJson(join(root, 'package.json'));

const places = sources.map(({ path }) => path);

/** Links to files, from the document's own folder. */
const links = (file, text) =>
  matches(text, /\]\((?!https?:|#)([^)#\s]+)/g).filter(
    (link) => !existsSync(join(dirname(file), link)),
  );

/** Paths of the repository, or of a package, that are written as code. */
const paths = (file, text) =>
  matches(
    text,
    /`((?:packages|tools|docs|examples|src|test|assembly|scripts)\/[\w./@-]+)`/g,
  ).filter((path) => ![root, dirname(file), ...places].some((at) => existsSync(join(at, path))));

const runs = (_, text) =>
  matches(text, /npm run ([a-z][\w:-]*)/g).filter((name) => !(name in scripts));

/** Options of commands: of the command `elbo`, of tools, and of npm and Node. */
const foreign = ['--no-save', '--ignore-scripts', '--before', '--help', '--noEmit', '--outfile'];
const options = (_, text) =>
  matches(text, /(?<![\w-])(--[a-z][a-z-]+)/g).filter(
    (name) =>
      !foreign.includes(name) &&
      !code.includes(name) &&
      !new RegExp(`['\\s]${name.slice(2)}['":]`).test(programs),
  );

/** What a table of exports has in its first column, and the list of types below it. */
function exported(file, text) {
  const own = sources.find(({ path }) => path === dirname(file));
  if (!own) return [];
  const rows = matches(text, /\| export\b.*\n\|[-| ]+\n((?:\|.*\n)+)/g).flatMap((table) =>
    matches(table, /^\| (.*?) *(?<!\\)\|/gm),
  );
  const types = matches(text, /^Types?:((?:.*\n)+?)(?:\n|$)/gm);
  return [...rows, ...types]
    .flatMap((cell) => matches(cell, /`([A-Za-z]\w*)(?:\([^`]*\))?`/g))
    .filter((name) => !own.exports.has(name));
}

const looks = { links, paths, runs, options, exported };
let count = 0;
for (const file of documents) {
  const text = read(file);
  for (const [kind, look] of Object.entries(looks))
    for (const name of new Set(look(file, text))) {
      count++;
      console.error(`${relative(root, file)} names ${name}, which is not there (${kind})`);
    }
}
console.log(`${documents.length} documents; ${count} names of what is not there`);
process.exitCode = count > 0 ? 1 : 0;
