// Pipes and devices, which may have no end, in the place of every file that is read: an error at once, and no wait.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from './call.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'elbo-no-files-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Puts a pipe, or a link to a device, at a path. */
async function put(what: string, path: string): Promise<void> {
  if (what === 'pipe') expect(spawnSync('mkfifo', [path]).status).toBe(0);
  else await symlink(what, path);
}

test.runIf(process.platform === 'linux').each(['pipe', '/dev/zero', '/dev/urandom'])(
  '%s is no data, no configuration and no file of a run',
  async (what) => {
    const dir = join(folder, what.replaceAll('/', '-'));
    const run = join(dir, 'run');
    const trained = join(dir, 'trained');
    const data = join(dir, 'data');
    for (const each of [run, data]) await mkdir(each, { recursive: true });
    await put(what, join(data, 'train-images-idx3-ubyte'));
    await put(what, join(dir, 'config'));
    await put(what, join(run, 'config.json'));
    const small = ['--data', 'four-pixels', '--batch-size', '4', '--steps', '1'];
    const sizes = ['--set', 'latent=2', '--set', 'hidden=[4]'];
    expect((await call(['train', 'vae', ...small, ...sizes, '--out', trained])).status).toBe(0);
    for (const name of ['metrics.jsonl', 'evaluations.json']) {
      await rm(join(trained, name), { force: true });
      await put(what, join(trained, name));
    }
    const out = ['--out', join(dir, 'out')];
    for (const argv of [
      ['data', 'get', data],
      ['data', 'get', join(data, 'train-images-idx3-ubyte')],
      ['train', '--config', join(dir, 'config'), ...out],
      ['evaluate', run],
      ['train', '--resume', run],
      ['train', '--resume', trained, '--steps', '2'],
      ['report', trained],
    ]) {
      const { status, stderr } = await call(argv);
      expect(status, argv.join(' ')).toBeGreaterThan(0);
      expect(stderr).toMatch(
        /^elbo: .*(a device, a pipe or a socket: name a regular file|a symbolic link, which is not followed)/m,
      );
    }
  },
);
