// Checks the types of every example in the documents and runs it on the built packages, so that what
// a reader copies works. An example is a block fenced by ```ts; one marked ```ts no-run is left alone.
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
import ts from 'typescript';
import { run } from './lib/run.mjs';
import { packages, root, scratch } from './lib/workspace.mjs';

/** An example is a few seconds long; one that takes this many is stuck. */
const timeout = 120_000;

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
function examplesIn(document) {
  const found = [];
  let open;
  for (const [i, text] of readFileSync(document, 'utf8').split('\n').entries()) {
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

/** Compiles all examples as a user of TypeScript would, and returns the complaints by source. */
function compile(examples) {
  const program = ts.createProgram(
    examples.map(({ source }) => source),
    {
      strict: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: ['node'],
      inlineSourceMap: true,
    },
  );
  program.emit();
  const complaints = new Map();
  for (const { file, start, messageText } of ts.getPreEmitDiagnostics(program)) {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    const text = `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
    // One without a place is about all of them: say it with the first.
    const source = file?.fileName ?? examples[0].source;
    complaints.set(source, [...(complaints.get(source) ?? []), text]);
  }
  return complaints;
}

/** Runs an example in an empty folder, and returns what went wrong, if anything did. */
async function execute({ script }) {
  const cwd = mkdtempSync(join(tmpdir(), 'elbo-example-'));
  try {
    const { status, output, timedOut } = await run(
      process.execPath,
      ['--enable-source-maps', script],
      { cwd, timeout },
    );
    if (timedOut) return `still running after ${timeout / 1000} s\n${output}`;
    return status === 0 ? undefined : `ended with ${status}\n${output}`;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const examples = documents().flatMap(examplesIn).map(place);
const complaints = examples.length > 0 ? compile(examples) : new Map();
let failures = 0;
for (const example of examples) {
  const where = `${relative(root, example.document)}:${example.line}`;
  const started = performance.now();
  const wrong = complaints.get(example.source)?.join('\n') ?? (await execute(example));
  if (wrong) {
    failures += 1;
    console.error(`${where} fails: ${wrong.trimEnd()}\n`);
  } else console.log(`${where} runs (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
console.log(`${examples.length - failures} of ${examples.length} examples run.`);
process.exitCode = failures === 0 ? 0 : 1;
