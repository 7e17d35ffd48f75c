import { afterEach, describe, expect, it, vi } from 'vitest';
import { macrotask } from '../src/index.js';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('macrotask', () => {
  it('lets what waits for the event loop run, which a promise does not', async () => {
    let ran = false;
    setImmediate(() => (ran = true));
    await Promise.resolve();
    expect(ran).toBe(false);
    await macrotask();
    expect(ran).toBe(true);
  });

  it('does so where there is no setImmediate, as in a page', async () => {
    const ran: boolean[] = [];
    setImmediate(() => ran.push(true));
    vi.stubGlobal('setImmediate', undefined);
    // Which of two macrotasks is first is the host's affair; that the loop goes round is not.
    for (let i = 0; i < 100 && ran.length === 0; i++) await macrotask();
    expect(ran).toEqual([true]);
  });
});

describe('breath', () => {
  it('is at most half of a frame in a page, and no long task anywhere', async () => {
    const here = await import('../src/macrotask.js');
    expect(here.breath).toBeLessThanOrEqual(50);
    vi.resetModules();
    vi.stubGlobal('document', {});
    const page = await import('../src/macrotask.js');
    expect(page.breath).toBeLessThanOrEqual(1000 / 60 / 2);
    expect(page.breath).toBeGreaterThan(0);
  });
});
