import { memoryStore } from '@elbo/training';
import { describe, expect, it } from 'vitest';
import { runQueue, type Ended, type Unit } from '../runner/queue.js';

/** Units that wait for their turn to end, and what is running. */
function unitsOf(names: readonly string[], how: (name: string) => Ended = () => 'done') {
  const started: string[] = [];
  let [running, most] = [0, 0];
  const units = names.map((name): Unit => ({
    name,
    run: async (signal) => {
      started.push(name);
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (name === 'broken') throw new Error('it breaks');
      return signal.aborted ? 'stopped' : how(name);
    },
  }));
  return { units, started, most: () => most };
}

const never = new AbortController().signal;
const quiet = (): void => undefined;

describe('a queue', () => {
  it('runs so many at once, and all of them', async () => {
    const { units, started, most } = unitsOf(['a', 'b', 'c', 'd', 'e']);
    const ended = await runQueue(units, {
      store: memoryStore(),
      atOnce: 2,
      signal: never,
      onEnd: quiet,
    });
    expect([started.length, most()]).toEqual([5, 2]);
    expect(ended.done.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('goes on after one that fails, and tries only that one again', async () => {
    const store = memoryStore();
    const options = { store, atOnce: 2, signal: never, onEnd: quiet };
    const first = unitsOf(['a', 'broken', 'c', 'bad'], (name) =>
      name === 'bad' ? 'failed' : 'done',
    );
    expect((await runQueue(first.units, options)).failed.toSorted()).toEqual(['bad', 'broken']);
    const second = unitsOf(['a', 'broken', 'c', 'bad']);
    await runQueue(second.units, options);
    expect(second.started.toSorted()).toEqual(['bad', 'broken']);
  });

  it('starts nothing more when it is stopped, and goes on from there', async () => {
    const store = memoryStore();
    const controller = new AbortController();
    const { units, started } = unitsOf(['a', 'b', 'c']);
    const ended = await runQueue(units, {
      store,
      atOnce: 1,
      signal: controller.signal,
      onEnd: ({ name }) => {
        if (name === 'a') controller.abort();
      },
    });
    expect(started).toEqual(['a']);
    expect(ended).toEqual({ done: ['a'], failed: [], stopped: ['b', 'c'] });
    const again = unitsOf(['a', 'b', 'c']);
    await runQueue(again.units, { store, atOnce: 1, signal: never, onEnd: quiet });
    expect(again.started).toEqual(['b', 'c']);
  });
});
