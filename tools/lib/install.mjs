// Installing the dependencies when they are missing or older than the lock file.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { root } from './workspace.mjs';

const stamp = join(root, 'node_modules', '.elbo-install');

/** What an installation depends on: the lock file, and the platform that native parts are for. */
const fingerprint = () =>
  [
    createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .digest('hex'),
    process.platform,
    process.arch,
  ].join(' ');

export async function ensureInstalled() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.log('Installing dependencies (npm ci), which takes a minute the first time ...');
  const started = performance.now();
  const { status, output } = await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: root });
  if (status !== 0)
    throw new Error(
      `${output.trim()}\n\nInstalling the dependencies failed (npm ci ended with ${status}). ` +
        'It needs the npm registry or a filled npm cache: check the network and proxy, then run this again.',
    );
  writeFileSync(stamp, wanted);
  console.log(`Installed in ${Math.round((performance.now() - started) / 1000)} s.`);
}
