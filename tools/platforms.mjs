// Runs the platform tests on other versions of Node, and in Chromium:
//   npm run platforms -- [MAJOR…] [--from FOLDER]
// By default 20, 22 and 24, each from the npm registry where it is not the version that runs this, and kept in .elbo/. The
// tests are those of @elbo/backends, which choose, refuse and explain backends in real folders and open a browser; then
// ten steps of a model on each backend that is here. FOLDER, as for npm run parity, has @tensorflow/tfjs-node built. What is
// not here is skipped, and said.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from './lib/run.mjs';
import { assemble, build } from './lib/tasks.mjs';
import { binary, packageNamed, root, scratch } from './lib/workspace.mjs';
import { hasChromium } from '@elbo/testing/pages';

const { values: flags, positionals } = parseArgs({
  options: { from: { type: 'string', default: process.env.ELBO_BACKENDS } },
  allowPositionals: true,
});
const majors = positionals.length > 0 ? positionals : ['20', '22', '24'];
const patience = 600_000;
const counts = { passed: 0, failed: 0, skipped: 0 };

function tell(outcome, what, why = '') {
  const [kind, mark] = { ok: ['passed', '✓'], bad: ['failed', '✗'], none: ['skipped', 'SKIPPED'] }[
    outcome
  ];
  counts[kind] += 1;
  console.log(`${mark} ${what}${why && `: ${why}`}`);
}

const lastLine = (text) => text.trim().split('\n').at(-1) ?? '';

/** A Node of a major version: this one, or the registry's; nothing where that cannot be had. */
async function nodeOf(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const folder = join(scratch, 'platforms', major);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const args = ['install', '--no-save', '--ignore-scripts', '--prefix', folder];
  const { status } = await run('npm', [...args, `${name}@${major}`], { timeout: patience });
  return status === 0 && existsSync(program) ? program : undefined;
}

/** The tests of @elbo/backends, by another Node. */
async function suite(node, title) {
  const cwd = packageNamed('backends').path;
  const env = { ...process.env, ...(flags.from && { ELBO_BACKENDS: flags.from }), NO_COLOR: '1' };
  const { status, output } = await run(node, [binary('vitest'), 'run'], {
    cwd,
    env,
    timeout: patience,
  });
  const failing = output.split('\n').filter((line) => /^\s*(×|FAIL)/.test(line));
  const tests = /Tests\s+(.*)/.exec(output)?.[1] ?? lastLine(output);
  tell(status === 0 ? 'ok' : 'bad', `${title} @elbo/backends`, [tests, ...failing].join('\n    '));
}

/** Ten steps of a model on a backend, by another Node. */
async function train(node, title, backend) {
  const entry = join(root, 'tools', 'parity', 'node.mjs');
  const args = [entry, backend, flags.from ?? root, 'vae'];
  const { stdout, output } = await run(node, args, { timeout: patience });
  const [started, trained] = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const what = `${title} trains on ${backend}`;
  if (started?.absent) tell('none', what, started.absent.split('\n', 1)[0]);
  else if (trained?.metrics) tell('ok', what, `ELBO ${trained.metrics.at(-1).elbo}`);
  else tell('bad', what, trained?.failed ?? lastLine(output));
}

await assemble();
await build();
if (!hasChromium) tell('none', 'a browser', 'there is no Chromium');
for (const major of majors) {
  const node = await nodeOf(major);
  if (!node) {
    tell('none', `Node ${major}`, 'the npm registry did not give it');
    continue;
  }
  const title = `Node ${(await run(node, ['--version'])).stdout.trim().slice(1)}`;
  await suite(node, title);
  for (const backend of ['cpu', 'wasm', 'node']) await train(node, title, backend);
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;
