import { expect, test } from 'vitest';
import { timeShare } from '../src/reports/time_share.js';

test('work that takes more or less each time keeps within its share of the time', async () => {
  let now = 0;
  const share = 0.01;
  const pages = timeShare(share, 5, () => now);
  let spent = 0;
  let times = 0;
  while (now < 100_000) {
    now += 7;
    if (!pages.free()) continue;
    const cost = 3 + (times % 5);
    await pages.spend(() => {
      now += cost;
      spent += cost;
      times++;
      return Promise.resolve();
    });
    // What is expected is what the last one took: off by 4 ms at most.
    expect(spent).toBeLessThanOrEqual(share * now + 4);
  }
  // And it makes use of it.
  expect(spent).toBeGreaterThan(0.9 * share * now);
});

test('work that fails has taken its time too', async () => {
  let now = 0;
  const pages = timeShare(0.5, 0, () => now);
  expect(pages.free()).toBe(true);
  await expect(
    pages.spend(() => {
      now += 10;
      return Promise.reject(new Error('full'));
    }),
  ).rejects.toThrow('full');
  expect(pages.free()).toBe(false);
  now = 40;
  expect(pages.free()).toBe(true);
});
