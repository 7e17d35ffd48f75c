import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..');
const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
  readonly bin: Readonly<Record<string, string>>;
};
const script = bin.elbo!;

let fresh: string;
beforeAll(() => {
  fresh = mkdtempSync(join(tmpdir(), 'elbo-bin-'));
  mkdirSync(dirname(join(fresh, script)), { recursive: true });
  for (const file of ['package.json', script]) cpSync(join(folder, file), join(fresh, file));
});
afterAll(() => {
  rmSync(fresh, { recursive: true });
});

test('the command is a file in git, for npm links none that is made after it installs', () => {
  const tracked = spawnSync('git', ['ls-files', '--stage', script], { cwd: folder });
  if (tracked.status !== 0) return; // A tarball has no git, and what is in it was in git.
  expect(String(tracked.stdout)).toMatch(/^100755 /);
});

test('with nothing built it says what to run, and fails', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(fresh, script), 'models']);
  expect(status).toBe(1);
  expect(String(stderr)).toContain('npm run build');
});

test('with the build beside it it is the command, and an error of the build is not taken for a missing one', () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(folder, script), ...args], { encoding: 'utf8' });
  expect(run('--version')).toMatchObject({ status: 0 });
  expect(run('modles').status).toBe(2);
});
