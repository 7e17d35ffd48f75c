import { BackendError } from '@elbo/core';
import { copyFileSync, mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { selectBackend } from '../src/index.js';
import { project } from './project.js';

const require = createRequire(import.meta.url);
const core = '@tensorflow/tfjs-core';
const other = project();
const main = 'dist/tf-core.node.js';

/** Another tfjs-core, as a second install of it has. */
function installSecond(): string {
  const own = dirname(require.resolve(`${core}/package.json`));
  const theirs = join(other.folder, 'node_modules', core);
  mkdirSync(join(theirs, 'dist'), { recursive: true });
  for (const file of ['package.json', main]) copyFileSync(join(own, file), join(theirs, file));
  const { dependencies } = require(join(own, 'package.json')) as { dependencies: object };
  const resolved = createRequire(join(own, main));
  for (const name of Object.keys(dependencies).filter((each) => !each.startsWith('@'))) {
    const at = resolved.resolve.paths(name)!.map((folder) => join(folder, name));
    const [found] = at.filter((folder) => exists(join(folder, 'package.json')));
    if (found) symlinkSync(found, join(other.folder, 'node_modules', name));
  }
  return join(theirs, main);
}

function exists(path: string): boolean {
  try {
    return require.resolve(path) !== '';
  } catch {
    return false;
  }
}

afterAll(() => {
  other.remove();
});

test('a second tfjs-core that the process has loaded is refused, with both paths', async () => {
  expect((await selectBackend({ backend: 'cpu' })).name).toBe('cpu');
  const path = installSecond();
  const { version_core } = (await import(path)) as { version_core: string };
  expect(version_core).toMatch(/^4\./);
  try {
    const refused: unknown = await selectBackend({ backend: 'cpu' }).catch(
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(BackendError);
    const { message } = refused as Error;
    expect(message).toContain(`(${path})`);
    expect(message).toContain(`(${require.resolve(core)})`);
    expect(message).toMatch(/npm dedupe/);
  } finally {
    Reflect.deleteProperty(require.cache, path);
  }
  expect((await selectBackend({ backend: 'cpu' })).name).toBe('cpu');
});
