import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { bestInstructions, loadSideModule } from '../../dist/side_module.js';
import { threadOf, threads as host } from '../../dist/node/threads.js';
import { mostParts, nextClaim, partsLeft, take, words } from '../../dist/threads/control.js';
import { startPool, type Pool } from '../../dist/threads/pool.js';
import type { ThreadHost } from '../../dist/threads/thread.js';
import { startWorld } from './pools.js';

const pools: Pool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

const memory = (): WebAssembly.Memory =>
  new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });

test('a part of a job is taken once, and none of a job that has passed', () => {
  const control = new Int32Array(new SharedArrayBuffer(64));
  const claim = nextClaim(-1, 3);
  Atomics.store(control, words.claim, claim);
  expect(partsLeft(claim)).toBe(3);
  expect(take(control, claim)).toBe(2);
  // Another thread that saw the same word comes too late.
  expect(take(control, claim)).toBe(-1);
  expect(take(control, claim - 1)).toBe(1);
  const next = nextClaim(claim, mostParts);
  expect(partsLeft(next)).toBe(mostParts);
  Atomics.store(control, words.claim, next);
  expect(take(control, claim - 2)).toBe(-1);
  expect(partsLeft(Atomics.load(control, words.claim))).toBe(mostParts);
});

test('jobs are done when a thread has ended, by those that are left', async () => {
  const world = await startWorld(3);
  world.pool.close();
  const x = world.write(Float32Array.from({ length: 1000 }, (_, i) => i));
  const y = world.allocate(1000);
  world.shared.clip(x, y, 1000, 10, 20);
  const found = new Float32Array(world.memory.buffer, y, 1000);
  expect([found[0], found[15], found[999]]).toEqual([10, 15, 20]);
});

/** Threads of this code, each of which is given `control` once it is ready. */
const threadsOf = (code: string): ThreadHost => ({
  ...host,
  startThread: () => {
    const script = `
      const { parentPort } = require('node:worker_threads');
      parentPort.once('message', ({ control }) => {
        parentPort.postMessage('ready');
        ${code}
      });`;
    return threadOf(new Worker(script, { eval: true }));
  },
});

/** Takes a part of the first job. */
const taking = `
  const before = Atomics.load(control, 0);
  while (Atomics.load(control, 0) === before);
  Atomics.store(control, ${words.busy + 1}, 1);
  Atomics.sub(control, 0, 1);`;

/** A pool of two with such a thread, and a job of so many parts that it finds one. */
async function poolWith(code: string) {
  const shared = memory();
  const { side, module } = await loadSideModule(shared, bestInstructions());
  const parts = Promise.resolve({ side, module, memory: shared });
  const pool = await startPool(threadsOf(code), parts, 2);
  pools.push(pool);
  const down = { argument: 0, each: 0, all: 0, parts: mostParts };
  const at = Object.keys(side).sort().indexOf('randomNormal');
  const job = { code: at, args: [1, 2, 1024, 20_000, 64, 0], down, overDown: {} };
  return { pool, job };
}

test('a thread that ends in the middle of a part is an error, and no wait without end', async () => {
  const { pool, job } = await poolWith(`${taking} process.exit(0);`);
  expect(() => {
    pool.run(job);
  }).toThrow(/thread of the WebAssembly backend has ended in the middle of a kernel/);
});

test('where parts come late, the thread that asks computes alone for a while', async () => {
  // Later than all the other parts take, on any machine.
  const { pool, job } = await poolWith(`${taking}
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
    Atomics.sub(control, 1, 1);
    Atomics.store(control, ${words.busy + 1}, 0);`);
  expect(pool.isHeldUp()).toBe(false);
  pool.run(job);
  expect(pool.isHeldUp()).toBe(true);
});

test('a kernel that fails in a thread fails in the one that asked', async () => {
  const shared = memory();
  const loading = loadSideModule(shared, bestInstructions());
  const pool = await startPool(
    host,
    loading.then((loaded) => ({ ...loaded, memory: shared })),
    2,
  );
  pools.push(pool);
  const { side } = await loading;
  const code = Object.keys(side).sort().indexOf('clip');
  const beyond = shared.buffer.byteLength + 2 ** 20;
  const down = { argument: 2, each: 8, all: 16, parts: 2 };
  expect(() => {
    pool.run({ code, args: [beyond, beyond, 8, 0, 1], down, overDown: {} });
  }).toThrow(/failed in one of its threads/);
  // And the pool goes on.
  pool.run({ code, args: [1024, 2048, 16, 0, 1], down, overDown: { 0: 32, 1: 32 } });
});

test('threads that do not start are none', async () => {
  const end = vi.fn();
  const refusing = {
    ...host,
    startThread: () => ({
      assign: () => Promise.reject(new Error('no room')),
      hasEnded: () => false,
      end,
    }),
  };
  const shared = memory();
  const loading = loadSideModule(shared, bestInstructions());
  const parts = loading.then((loaded) => ({ ...loaded, memory: shared }));
  await expect(startPool(refusing, parts, 3)).rejects.toThrow('no room');
  expect(end).toHaveBeenCalledTimes(2);
});

test('idle threads use no processor', async () => {
  const world = await startWorld(4);
  pools.push(world.pool);
  world.pool.run({
    code: 0,
    args: [],
    down: { argument: 0, each: 0, all: 0, parts: 0 },
    overDown: {},
  });
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await wait(50);
  const before = process.cpuUsage();
  await wait(1000);
  const { user, system } = process.cpuUsage(before);
  // Of a second; one thread that looks for work would use all of it.
  expect((user + system) / 1e6).toBeLessThan(0.3);
});
