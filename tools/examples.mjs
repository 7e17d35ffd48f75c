// Checks the types of every example in the documents and in doc comments, and of every application in examples/, and runs it on
// the built packages, so that what a reader copies works:
//   node tools/examples.mjs [PART OF A PLACE]     (only examples whose file names contain it)
// An example of a document is a block fenced by ```ts; one marked ```ts no-run is left alone. What an example of a README imports,
// that README says how to install. An example of a doc comment is such a block below @example; what it prints is what the comments
// at the ends of its lines say.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { compilePrograms, programs } from './lib/programs.mjs';
import { documented, runTogether } from './lib/doc_examples.mjs';
import { notInstalled } from './lib/install_lines.mjs';
import { run } from './lib/run.mjs';
import { compile } from './lib/typescript.mjs';
import { packages, root, scratch } from './lib/workspace.mjs';

/** An example is a few seconds long; one that takes this many, in ms, is stuck: no machine is so slow. */
const timeout = 900_000;

/** Inside the repository, so that the workspace's packages resolve. */
const folder = join(scratch, 'examples');

function documents() {
  const guide = join(root, 'docs', 'guide');
  const pages = existsSync(guide) ? readdirSync(guide).filter((f) => f.endsWith('.md')) : [];
  return [
    join(root, 'README.md'),
    ...packages().map(({ path }) => join(path, 'README.md')),
    ...pages.map((page) => join(guide, page)),
  ].filter((file) => existsSync(file));
}

/** The examples of one document, each with the line of its fence. */
function examplesIn(document, lines = readFileSync(document, 'utf8').split('\n')) {
  const found = [];
  let open;
  for (const [i, text] of lines.entries()) {
    const fence = /^(`{3,})\s*(.*?)\s*$/.exec(text);
    if (!open && fence) open = { marks: fence[1], info: fence[2], line: i + 1, code: [] };
    else if (open && fence && fence[1].length >= open.marks.length && fence[2] === '') {
      if (open.info === 'ts') found.push({ document, line: open.line, code: open.code });
      open = undefined;
    } else open?.code.push(text);
  }
  return found;
}

/** Writes an example at the lines that it has in its document, so that messages name those. */
function place(example) {
  const name = `${relative(root, example.document).replaceAll(/[^\w]+/g, '-')}-${example.line}`;
  const source = join(folder, `${name}.mts`);
  writeFileSync(source, '\n'.repeat(example.line) + example.code.join('\n') + '\n');
  return { ...example, source, script: join(folder, `${name}.mjs`) };
}

/** Runs an example in an empty folder, and returns what went wrong, if anything did. */
async function execute({ script, args = [] }) {
  const cwd = mkdtempSync(join(tmpdir(), 'elbo-example-'));
  try {
    const { status, output, timedOut } = await run(
      process.execPath,
      ['--enable-source-maps', script, ...args],
      { cwd, timeout },
    );
    if (timedOut) return `still running after ${timeout / 1000} s\n${output}`;
    return status === 0 ? undefined : `ended with ${status}\n${output}`;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** How each application is run here: all of it, on little. */
const little = {
  networks: ['--seconds', '1', '--rows', '20', '--first', '1'],
  anomaly: ['--steps', '20', '--rows', '40'],
  augmentation: ['--steps', '40', '--seeds', '1', '--labelled', '40'],
  conditional: ['--steps', '40', '--each', '5'],
  imputation: ['--steps', '4', '--seeds', '1', '--rows', '60'],
  names: ['--steps', '4', '--seeds', '1', '--count', '40'],
  molecules: ['--steps', '4', '--count', '40'],
  sensors: ['--steps', '4', '--seeds', '1', '--rows', '600'],
  text: ['--steps', '10', '--count', '40'],
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const wanted = (file) => file.includes(process.argv[2] ?? '');
const blocks = documents()
  .filter(wanted)
  .flatMap((document) => examplesIn(document))
  .map(place);
const comments = packages().flatMap((library) =>
  documented(library)
    .filter(({ file }) => wanted(file))
    .flatMap(({ file, lines }) => examplesIn(file, lines))
    .map(place),
);
/** Compiled and not run: it fetches 74 MB. */
const large = ['emoji'];
const applications = programs()
  .filter(({ source }) => wanted(source))
  .map((program) => ({ ...program, args: little[program.name] }));
const complaints = new Map([
  ...compile([...blocks, ...comments].map(({ source }) => source)),
  ...compilePrograms(applications),
]);
for (const { document, source, code } of blocks) {
  if (!document.endsWith('README.md')) continue;
  const missing = notInstalled(readFileSync(document, 'utf8'), code.join('\n'));
  if (missing.length === 0) continue;
  const says = `It imports ${missing.join(', ')}, which the README's install line leaves out.`;
  complaints.set(source, [...(complaints.get(source) ?? []), says]);
}
/** Where an example is for a person: its fence in a document, or its file. */
const placeOf = ({ document, line, source }) =>
  document ? `${relative(root, document)}:${line}` : relative(root, source);
const examples = [...comments, ...blocks, ...applications];
let failures = 0;
const tell = (example, wrong, ms) => {
  const where = placeOf(example);
  if (wrong) {
    failures += 1;
    console.error(`${where} fails: ${wrong.trimEnd()}\n`);
  } else console.log(`${where} runs (${(ms / 1000).toFixed(1)} s)`);
};
// Those of comments are small, and share a process.
const sound = comments.filter(({ source }) => !complaints.has(source));
const found = await runTogether(sound, timeout);
for (const example of comments) {
  const { wrong, ms } = found.get(example) ?? { wrong: complaints.get(example.source).join('\n') };
  tell(example, wrong, ms);
}
for (const example of [...blocks, ...applications]) {
  const started = performance.now();
  const isRun = !large.includes(example.name);
  const wrong =
    complaints.get(example.source)?.join('\n') ?? (isRun ? await execute(example) : undefined);
  tell(example, wrong, performance.now() - started);
}
console.log(`${examples.length - failures} of ${examples.length} examples run.`);
process.exitCode = failures === 0 ? 0 : 1;
