// Examples in doc comments: a block fenced by ```ts below @example. What a line prints is the comment at its end.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.mjs';

const inOneProcess = fileURLToPath(new URL('run_modules.mjs', import.meta.url));

/** The lines of a source that are examples in its doc comments; every other line is empty. */
function examplesOnly(text) {
  let inside = false;
  return text.split('\n').map((line) => {
    const comment = /^\s*\* ?(.*)$/.exec(line)?.[1];
    if (comment === undefined || /^\/|^@(?!example)/.test(comment)) inside = false;
    else if (comment.startsWith('@example')) inside = true;
    else if (inside) return comment;
    return '';
  });
}

/** The sources of a package that have examples. */
export function documented({ path }) {
  return readdirSync(join(path, 'src'), { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, 'src', name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }))
    .filter(({ text }) => text.includes('* @example'))
    .map(({ file, text }) => ({ file, lines: examplesOnly(text) }));
}

/** What an example says that it prints: the comments behind its calls of console.log, a line each. */
const promised = (code) =>
  code.flatMap((line) => {
    const said = /^\s*console\.log\(.*\); \/\/ (.*)$/.exec(line);
    return said ? [said[1]] : [];
  });

function difference(code, printed) {
  const expected = promised(code);
  const prints = code.filter((line) => /\bconsole\.log\(/.test(line)).length;
  if (expected.length !== prints)
    return 'A call of console.log is a line of its own, with what it prints behind it: console.log(1 + 1); // 2';
  return expected.join('\n') === printed.join('\n')
    ? undefined
    : `It says that it prints\n${expected.join('\n')}\nand prints\n${printed.join('\n')}`;
}

/** What is known of an example that a process did not come to. */
const lost = (output) => ({ error: `It did not come to its end.\n${output}`, printed: [], ms: 0 });

/** Whether an example has a backend selected, by itself or by what it calls. */
const selects = ({ code }) => /selectBackend|setBackend|trainInto/.test(code.join('\n'));

/**
 * Runs examples one after the other in one process and an empty folder; what went wrong, and the time, of each. Those that select
 * no backend come first, so that none of them relies on another's.
 */
export async function runTogether(given, timeout) {
  if (given.length === 0) return new Map();
  const examples = [...given.filter((one) => !selects(one)), ...given.filter(selects)];
  const cwd = mkdtempSync(join(tmpdir(), 'elbo-examples-'));
  try {
    const scripts = examples.map(({ script }) => script);
    const { output } = await run(
      process.execPath,
      ['--enable-source-maps', inOneProcess, ...scripts],
      { cwd, timeout },
    );
    const results = output.split('\n').flatMap((line) => {
      const [, json] = /^example (\{.*\})$/.exec(line) ?? [];
      return json ? [JSON.parse(json)] : [];
    });
    return new Map(
      examples.map((example, i) => {
        const { error, printed, ms } = results[i] ?? lost(output);
        return [example, { wrong: error ?? difference(example.code, printed), ms }];
      }),
    );
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
