import { fileStore } from '@elbo/files';
import { temporaryFolder } from '@elbo/testing/folders';
import { build } from 'esbuild';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRun, readMetrics } from '../src/index.js';

let built: string;
let writer: string;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'elbo-writer-'));
  writer = join(built, 'writer.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'writer.ts')],
    outfile: writer,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@elbo/source'],
  });
  await chmod(built, 0o755);
});

afterAll(() => rm(built, { recursive: true, force: true }));

async function killAfterStart(child: ChildProcess, delay: number): Promise<void> {
  const ended = once(child, 'exit');
  await Promise.race([once(child.stdout!, 'data'), ended]);
  await new Promise((resolve) => setTimeout(resolve, delay));
  child.kill('SIGKILL');
  const [, signal] = (await ended) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

test('killed 12 times at any moment, every listed file and every line is whole', async () => {
  const dir = join(await temporaryFolder(), 'run');
  let leftovers = 0;
  for (let round = 0; round < 12; round++) {
    const mode = round === 0 ? 'create' : 'resume';
    const child = spawn(process.execPath, [writer, dir, mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await killAfterStart(child, 1 + ((round * 7) % 23));
    expect((await openRun(dir)).config).toEqual({ kind: 'writer' });
    const store = fileStore(join(dir, 'checkpoints'));
    const names = await store.list();
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const bytes = await store.read(name);
      expect(bytes.length).toBe(new DataView(bytes.buffer).getUint32(0, true));
      expect(bytes.subarray(4).every((byte) => byte === bytes[4])).toBe(true);
    }
    for (const line of await readMetrics(dir)) expect(line.text).toHaveLength(2000);
    leftovers += (await readdir(join(dir, 'checkpoints'))).length - names.length;
  }
  // Kills did hit writes in progress, and what they left is removed by the next write.
  expect(leftovers).toBeGreaterThan(0);
  await fileStore(join(dir, 'checkpoints')).write('after', new Uint8Array(1));
  const last = await readdir(join(dir, 'checkpoints'));
  expect(last.filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a folder without permission is one clear error, and what is in it stays whole', async () => {
  const parent = await temporaryFolder();
  await chmod(parent, 0o755);
  const dir = join(parent, 'run');
  await mkdir(join(dir, 'checkpoints'), { recursive: true });
  await fileStore(join(dir, 'checkpoints')).write('0.safetensors', Uint8Array.of(1, 2, 3));
  // Permissions do not bind root, so a child without rights writes.
  const identity = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  if (!('uid' in identity)) await chmod(dir, 0o555);
  const target = join(dir, 'other');
  const { status, stderr } = spawnSync(process.execPath, [writer, target, 'once'], {
    ...identity,
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(/FileError: Cannot make the folder .*other: permission denied: change/);
  const before = await fileStore(join(dir, 'checkpoints')).read('0.safetensors');
  expect(Array.from(before)).toEqual([1, 2, 3]);
});
