import { temporaryFolder } from '@elbo/testing/folders';
import { build } from 'esbuild';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { inTurn, takeLease } from '../src/index.js';

let built: string;
let program: string;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), 'elbo-holder-'));
  program = join(built, 'holder.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'holder.ts')],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@elbo/source'],
  });
});

afterAll(() => rm(built, { recursive: true, force: true }));

/** A process that takes the lease of a folder and keeps it, with the first line that it says. */
async function holder(
  dir: string,
): Promise<{ readonly child: ChildProcess; readonly says: string }> {
  const child = spawn(process.execPath, [program, 'hold', dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, says: String(said).trim() };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

test('a folder belongs to one process, and the next is told to whom; a killed one leaves it', async () => {
  const dir = await temporaryFolder();
  const first = await holder(dir);
  expect(first.says).toBe('held');
  await expect(takeLease(dir, 'run')).rejects.toThrow(
    new RegExp(`in use by another process \\(process ${first.child.pid} on .+, since 20\\d\\d-`),
  );
  expect((await holder(dir)).says).toContain(`process ${first.child.pid}`);
  await end(first.child, 'SIGKILL');
  // At once: no clock has to run down.
  const second = await holder(dir);
  expect(second.says).toBe('held');
  await end(second.child, 'SIGTERM');
  const lease = await takeLease(dir, 'run');
  await lease.release();
  expect(await readdir(dir)).toEqual([]);
});

test('of five processes that take it at once, one does, whether it was free or left by the dead', async () => {
  const dir = await temporaryFolder();
  for (let round = 0; round < 2; round++) {
    const all = await Promise.all(Array.from({ length: 5 }, () => holder(dir)));
    expect(all.filter(({ says }) => says === 'held')).toHaveLength(1);
    await Promise.all(all.map(({ child }) => end(child, 'SIGKILL')));
  }
});

test('a process of another machine is judged by its signs of life, one of an earlier process not by its number', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, '.run-1.lease');
  const other = {
    id: 'x',
    host: 'far\u001b[31m',
    machine: 'far',
    pid: process.pid,
    since: '2026-01-01',
  };
  await writeFile(path, JSON.stringify(other));
  await expect(takeLease(dir, 'run')).rejects.toThrow(/on far\\u\{1b\}\[31m, since 2026-01-01/);
  // A step that blocks its thread gives no sign for minutes, and its process lives.
  const minutesAgo = (minutes: number): Date => new Date(Date.now() - minutes * 60_000);
  await utimes(path, minutesAgo(20), minutesAgo(20));
  await expect(takeLease(dir, 'run')).rejects.toThrow(/on far/);
  await utimes(path, minutesAgo(40), minutesAgo(40));
  await (await takeLease(dir, 'run')).release();
  // What is no lease at all counts by its age as well.
  await writeFile(path, 'half');
  await expect(takeLease(dir, 'run')).rejects.toThrow(/on another machine/);
  await utimes(path, 1, 1);
  const lease = await takeLease(dir, 'run');
  await expect(takeLease(dir, 'run')).rejects.toThrow(`process ${process.pid}`);
  // A lease of another name is another.
  const beside = await takeLease(dir, 'other');
  for (const each of [lease, beside]) await each.release();
});

test('on one machine a number that the system has given to another process, and one of the dead, hold nothing', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, '.run-1.lease');
  const first = await takeLease(dir, 'run');
  const mine = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await first.release();
  const without = { ...mine, started: undefined };
  const { pid } = spawnSync(process.execPath, ['--version']);
  // Not every system tells when a process began: then its number alone counts.
  await writeFile(path, JSON.stringify(without));
  await expect(takeLease(dir, 'run')).rejects.toThrow(`process ${process.pid}`);
  const gone = [{ ...without, pid }];
  if (mine.started !== undefined)
    gone.push({ ...mine, pid: process.pid, started: 'before' } as never);
  for (const holder of gone) {
    await writeFile(path, JSON.stringify(holder));
    await (await takeLease(dir, 'run')).release();
  }
});

test('a lease gives signs of life as long as it is held', async () => {
  const dir = await temporaryFolder();
  const path = join(dir, '.run-1.lease');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const lease = await takeLease(dir, 'run');
    const before = await readFile(path, 'utf8');
    const minutes = 60_000;
    for (let sign = 0; sign < 2; sign++) {
      await utimes(path, 1, 1);
      // Sooner by far than the half hour after which another machine takes it.
      vi.advanceTimersByTime(10 * minutes);
      await vi.waitUntil(async () => (await stat(path)).mtimeMs > 1000, { timeout: 60_000 });
    }
    expect(await readFile(path, 'utf8')).toBe(before);
    await lease.release();
    expect(vi.getTimerCount()).toBe(0);
  } finally {
    vi.useRealTimers();
  }
});

test('short work of many processes at once is done in turn, all of it', async () => {
  const dir = await temporaryFolder();
  const children = Array.from({ length: 6 }, () =>
    once(spawn(process.execPath, [program, 'count', dir], { stdio: 'inherit' }), 'exit'),
  );
  for (const [status] of await Promise.all(children)) expect(status).toBe(0);
  const counted = await inTurn(dir, 'count', () => readdir(join(dir, 'counted')));
  expect(counted).toEqual(['60']);
});

test.runIf(process.platform === 'linux')(
  'where a file may not grow, what was there before stays whole, and nothing is left beside it',
  async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'picture.png'), 'the old picture');
    await writeFile(join(dir, 'log'), 'line\n');
    const limited = 'trap "" XFSZ; ulimit -f 100; exec "$0" "$@"';
    const { stdout } = spawnSync(
      'sh',
      ['-c', limited, process.execPath, program, 'overflow', dir],
      {
        encoding: 'utf8',
      },
    );
    expect(stdout).toMatch(/Cannot write .*picture\.png: the file is larger.*\n.*log: the file is/);
    expect(await readFile(join(dir, 'picture.png'), 'utf8')).toBe('the old picture');
    expect(await readFile(join(dir, 'log'), 'utf8')).toBe('line\n');
    expect((await readdir(dir)).toSorted()).toEqual(['log', 'picture.png']);
  },
);
