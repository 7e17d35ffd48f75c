import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildNative } from '../src/node/tools/index.js';
import { changes } from '../src/node/tools/undoable.js';
import { installTensorFlow, project, type Project } from './project.js';

const linux = process.platform === 'linux';
if (!linux) console.warn('Not Linux: a build against a wheel is NOT tested.');

let temporary: Project;
beforeEach(() => {
  temporary = project();
});
afterEach(() => {
  temporary.remove();
});

/** A TensorFlow Python package of empty files. */
function emptyWheel({ folder, write }: Project): string {
  const wheel = 'tf/lib/python3.11/site-packages/tensorflow';
  for (const file of [
    ...['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
    ...['include/tensorflow/c/c_api.h', 'include/tensorflow/c/eager/c_api.h'],
  ])
    write(`${wheel}/${file}`, '');
  return join(folder, 'tf');
}

const everything = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();

test.skipIf(!linux)('what is missing is said before anything is touched', async () => {
  const { folder } = temporary;
  const build = (tensorflow: string) => buildNative({ tensorflow, resolveFrom: folder });
  await expect(build(folder)).rejects.toThrow(/no TensorFlow Python package in .*python3 -m venv/);
  const old = 'old/tensorflow';
  temporary.write(`${old}/libtensorflow_cc.so.2`, '');
  await expect(build(join(folder, 'old'))).rejects.toThrow(
    /lacks libtensorflow_framework\.so\.2, include\/.*2\.12 or later/,
  );
  const wheel = emptyWheel(temporary);
  await expect(build(wheel)).rejects.toThrow(/tfjs-node is not installed: npm install/);
  installTensorFlow(temporary, '');
  const before = everything(folder);
  await expect(build(wheel)).rejects.toThrow(/without @mapbox\/node-pre-gyp.*--ignore-scripts/);
  expect(everything(folder)).toEqual(before);
});

test.skipIf(!linux)('a build that fails is undone, and shows its last lines', async () => {
  const { folder, write } = temporary;
  write(installTensorFlow(temporary, ''), 'the binding before');
  write('node_modules/@mapbox/node-pre-gyp/package.json', '{}');
  // As a compiler that begins and gives up.
  write(
    'node_modules/@mapbox/node-pre-gyp/bin/node-pre-gyp',
    "require('node:fs').mkdirSync('build'); console.error('undefined reference'); process.exit(1);",
  );
  const wheel = emptyWheel(temporary);
  const before = everything(folder);
  const attempt = buildNative({ tensorflow: wheel, resolveFrom: folder });
  await expect(attempt).rejects.toThrow(/The build failed.*\nundefined reference/);
  expect(everything(folder)).toEqual(before);
});

test('a change that was killed half-way is healed by the next, whether it succeeds or not', () => {
  const { folder, write } = temporary;
  const path = join(folder, 'lib');
  write('lib/binding', 'old');
  changes().makeRoom(path);
  write('lib/binding', 'half');
  const failing = changes();
  failing.makeRoom(path);
  failing.undo();
  expect(readFileSync(join(path, 'binding'), 'utf8')).toBe('old');
  const succeeding = changes();
  succeeding.makeRoom(path);
  write('lib/binding', 'new');
  succeeding.keep();
  expect(readFileSync(join(path, 'binding'), 'utf8')).toBe('new');
  expect(existsSync(`${path}.elbo-before`)).toBe(false);
});
