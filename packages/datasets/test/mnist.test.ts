import { key } from '@elbo/random';
import { describe, expect, test } from 'vitest';
import type { Rows } from '../src/index.js';
import { loadDataset } from '../src/node/index.js';

const here = process.env.ELBO_DATA_DIR !== undefined && process.env.ELBO_DATA_DIR !== '';
if (!here)
  console.warn('SKIPPED: the tests on MNIST need $ELBO_DATA_DIR to name the folder that holds it.');

describe.skipIf(!here)('MNIST', () => {
  test('is read, checked against its digests, and has its known counts of digits', async () => {
    const notices: string[] = [];
    const options = { download: false, onNotice: (text: string) => notices.push(text) };
    const train = await loadDataset('mnist', options);
    const held = await loadDataset('mnist', { ...options, split: 'test' });
    expect([train.size, held.size, train.shape, train.classes]).toEqual([
      60_000,
      10_000,
      [28, 28, 1],
      10,
    ]);
    expect(notices).toEqual([]);
    const { x, label } = train.read(
      Uint32Array.from({ length: 60_000 }, (_, i) => i),
      key(0),
    ) as Rows;
    const counts = new Array<number>(10).fill(0);
    for (const digit of label!) counts[digit]!++;
    // LeCun's counts, and the mean intensity .1307 that is customarily used to normalise.
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
    expect(x.reduce((sum, value) => sum + value, 0) / x.length).toBeCloseTo(0.1307, 4);
  });

  test('is not taken for another set', async () => {
    await expect(
      loadDataset('fashion-mnist', {
        dataDir: `${process.env.ELBO_DATA_DIR!}/mnist`,
        download: false,
      }),
    ).rejects.toThrow(/this is mnist's/);
  });
});
